/** RFC 9110 section 7.6.1, its forerunners, and the two that start HTTP/2 on a clear-text connection. */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authentication-info',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Names that belong to the connection, the framing or the target of a message: nobody sets or removes them by choice. */
export const FIXED_NAMES: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'content-length',
  'expect',
  'forwarded',
  'host',
]);

/** What the proxy itself says of the client's side to the upstream. */
export const FORWARDED_NAMES = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id'] as const;
