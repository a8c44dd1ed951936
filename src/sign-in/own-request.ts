/** A request for one of the proxy's own addresses, as the sign-in sees it. */
export interface OwnRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Lower-case, no port. */
  readonly host: string;
  /** Lower-case, with the port where the client wrote one. */
  readonly authority: string;
  /** Normalised and decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** "" or with its question mark, as it was asked for. */
  readonly search: string;
  /** The one value of a header, by its lower-case name; null where it is missing or there twice. */
  header(name: string): string | null;
  /** All values of the cookies of this name, in their order. */
  cookies(name: string): readonly string[];
  /** The names of all cookies. */
  cookieNames(): readonly string[];
  /** A form's fields (application/x-www-form-urlencoded, at most 8 KiB). Rejects with ERR_REQUEST_MALFORMED or ERR_FORM_TOO_LARGE. */
  form(): Promise<URLSearchParams>;
}
