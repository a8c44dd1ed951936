import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Exchange } from './exchange.ts';
import { flattenHeaders } from './flatten-headers.ts';
import type { RawHeaders } from './header.ts';
import { readResponseHeaders } from './read-response-headers.ts';

/** Tells the client how the upstream's answer begins. @throws what `editResponseHeaders` and Node's writer throw */
export function beginAnswer(
  response: ServerResponse,
  exchange: Exchange,
  status: number,
  phrase: string | undefined,
  raw: RawHeaders,
): void {
  const headers = exchange.editResponseHeaders(readResponseHeaders(status, raw, exchange));
  response.writeHead(status, writablePhrase(status, phrase), flattenHeaders(headers));
  // Node keeps the head for the first bytes of the body, which mostly came with it; a stream of events may be silent for long.
  process.nextTick(() => {
    if (!isHeadSent(response)) {
      // `flushHeaders` would write it as UTF-8.
      response.write('', 'latin1');
    }
  });
}

/** The head counts as written once a part of the body has been. */
function isHeadSent(response: ServerResponse): boolean {
  return response.writableEnded || response.destroyed || response.writableLength > 0;
}

/** undici reads the phrase as UTF-8, so what is not ASCII cannot be passed on as it came; clients ignore it anyhow. */
function writablePhrase(status: number, phrase: string | undefined): string {
  return phrase !== undefined && /^[\t\x20-\x7e]+$/.test(phrase) ? phrase : (STATUS_CODES[status] ?? '');
}
