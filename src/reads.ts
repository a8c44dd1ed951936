/**
 * What of an input document the policy of one route, with the library, can read: names under `request`, under
 * `request.headers`, and under `claims`, the caller's and the original user's. Who they are besides, and the route, every
 * decision may depend on; on the time, none that has such a list.
 */
export interface RouteReads {
  readonly request: readonly string[];
  readonly headers: readonly string[];
  readonly claims: readonly string[];
}

/** By the route's id. A route that is not there may read everything, the time too. */
export type Reads = Readonly<Record<string, RouteReads>>;
