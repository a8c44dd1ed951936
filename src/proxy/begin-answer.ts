import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Exchange } from './exchange.ts';
import { flattenHeaders } from './flatten-headers.ts';
import type { RawHeaders } from './header.ts';
import { readResponseHeaders } from './read-response-headers.ts';

/** Tells the client how the upstream's answer begins. @throws what `editResponseHeaders` and Node's writer throw */
export function beginAnswer(
  response: ServerResponse,
  { isReserved, editResponseHeaders }: Exchange,
  status: number,
  phrase: string | undefined,
  raw: RawHeaders,
): void {
  const headers = editResponseHeaders(readResponseHeaders(status, raw, isReserved));
  response.writeHead(status, writablePhrase(status, phrase), flattenHeaders(headers));
}

/** undici reads the phrase as UTF-8, so what is not ASCII cannot be passed on as it came; clients ignore it anyhow. */
function writablePhrase(status: number, phrase: string | undefined): string {
  return phrase !== undefined && /^[\t\x20-\x7e]+$/.test(phrase) ? phrase : (STATUS_CODES[status] ?? '');
}
