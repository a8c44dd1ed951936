import { BehalfError } from '../errors.ts';

/** What Node's parser and timers found wrong with a connection, as our error. */
export function translateClientError(cause: Error & { readonly code?: string }): BehalfError {
  switch (cause.code) {
    case 'ECONNRESET':
    case 'EPIPE':
    // It closed in the middle of a message.
    case 'HPE_INVALID_EOF_STATE':
      return new BehalfError('ERR_CLIENT_GONE', cause.message, { cause });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new BehalfError('ERR_REQUEST_TIMEOUT', cause.message, { cause });
    case 'HPE_HEADER_OVERFLOW':
      return new BehalfError('ERR_REQUEST_TOO_LARGE', cause.message, { cause });
    case 'HPE_INVALID_VERSION':
    case 'HPE_PAUSED_H2_UPGRADE':
      return new BehalfError('ERR_REQUEST_VERSION', cause.message, { cause });
    default:
      return new BehalfError('ERR_REQUEST_MALFORMED', cause.message, { cause, reason: 'syntax' });
  }
}
