import type { RequestHeaderAction } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import type { LogFields } from '../log.ts';
import type { Header } from './header.ts';

/** Many upstreams take no more than 8 KiB of headers, the client's own among them, and answer with 400 or 431. */
const WARN_BYTES = 4 * 1024;
const REFUSE_BYTES = 8 * 1024;

/**
 * Weighs what a decision adds to a request: what it sets and signs, but not what it carries, which came with the request.
 *
 * @param headers those that go upstream, after all `actions`
 * @returns what the log is to warn of, sizes in bytes; null for nothing
 * @throws BehalfError ERR_HEADERS_TOO_LARGE (`headers-too-large`), whose message has the sizes and no value
 */
export function weighHeaders(headers: readonly Header[], actions: readonly RequestHeaderAction[]): LogFields | null {
  if (sum(headers) <= WARN_BYTES) return null;
  const names = new Set(actions.filter(adds).map(({ name }) => name.toLowerCase()));
  const added = headers.filter(([name]) => names.has(name));
  const bytes = sum(added);
  if (bytes <= WARN_BYTES) return null;
  const sizes = added.toSorted((one, other) => size(other) - size(one)).map((header) => `${header[0]} ${size(header)}`);
  if (bytes <= REFUSE_BYTES) return { added_bytes: bytes, added: sizes };
  throw new BehalfError(
    'ERR_HEADERS_TOO_LARGE',
    `${bytes} bytes of headers are to be added, and ${REFUSE_BYTES} are the limit: ${sizes.join(', ')}`,
    { reason: 'headers-too-large' },
  );
}

function adds({ action }: RequestHeaderAction): boolean {
  return action === 'set' || action === 'sign';
}

function sum(headers: readonly Header[]): number {
  return headers.reduce((bytes, header) => bytes + size(header), 0);
}

/** As HTTP/1.1 has the line, with `: ` and its end. Values are Latin-1: a character is a byte. */
function size([name, value]: Header): number {
  return name.length + value.length + 4;
}
