import type { Config, Route } from '../config/config.ts';
import type { Reads, RouteReads } from '../reads.ts';
import { listCriterionReads } from './criteria.ts';

/**
 * What the policies of a configuration can read, route by route: what their criteria name, and what the library reads for
 * every route, which is the host, and the claims that have headers of their own.
 *
 * @param config one whose policies `writeRego` takes
 */
export function listReads(config: Config): Reads {
  const always: RouteReads = { request: ['host'], headers: [], claims: config.claimHeaders.map(({ claim }) => claim) };
  return Object.fromEntries(config.routes.map((route) => [route.id, join([always, ...listPolicyReads(route)])]));
}

function listPolicyReads({ policy }: Route): Partial<RouteReads>[] {
  return policy.rules.flatMap(({ blocks }) => blocks.flatMap(({ criteria }) => criteria.map(listCriterionReads)));
}

function join(reads: readonly Partial<RouteReads>[]): RouteReads {
  const all = (key: keyof RouteReads) => [...new Set(reads.flatMap((each) => each[key] ?? []))];
  return { request: all('request'), headers: all('headers'), claims: all('claims') };
}
