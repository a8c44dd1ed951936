import { BehalfError, type ErrorCode } from '../errors.ts';

/** Of undici, http-proxy-3 and sockets. */
const TIMEOUTS: ReadonlySet<string> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ECONNECT_TIMEOUT', 'ETIMEDOUT']);

/** An assertion of undici's fails where an upstream switches protocols unasked. */
const PROTOCOL: ReadonlySet<string> = new Set([
  'ERR_ASSERTION',
  'ERR_INVALID_CHAR',
  'ERR_HTTP_INVALID_STATUS_CODE',
  'UND_ERR_HEADERS_OVERFLOW',
  'UND_ERR_INVALID_ARG',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
]);

/** The one border where errors of sockets, TLS, undici and Node's client become ours. */
export function translateUpstreamError(cause: Error & { readonly code?: string }): BehalfError {
  return cause instanceof BehalfError
    ? cause
    : new BehalfError(codeOf(cause), `the upstream failed: ${cause.message || cause.code}`, { cause });
}

function codeOf({ name, code = '', message }: Error & { readonly code?: string }): ErrorCode {
  if (TIMEOUTS.has(code)) {
    return 'ERR_UPSTREAM_TIMEOUT';
  }
  // undici's words for an informational or upgraded answer that nobody asked for.
  const isUnasked = code === 'UND_ERR_SOCKET' && message.startsWith('bad ');
  return isUnasked || name === 'HTTPParserError' || code.startsWith('HPE_') || PROTOCOL.has(code)
    ? 'ERR_UPSTREAM_PROTOCOL'
    : 'ERR_UPSTREAM_UNREACHABLE';
}
