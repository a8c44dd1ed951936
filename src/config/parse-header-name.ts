import type { Position } from '../errors.ts';
import { HEADER_NAME } from '../header-syntax.ts';
import { canonicalName } from '../reserved-names.ts';
import type { Context } from './kinds.ts';
import { quote } from './quote.ts';

/** The name of a header, in lower case, and where it is written. */
export interface WrittenName {
  readonly name: string;
  readonly position: Position;
}

const HINTS = new Map([
  ['host', '; "host_rewrite" sets it'],
  ['x-pomerium-jwt-assertion', '; "pass_identity_headers" says whether upstreams get it'],
  ['x-pomerium-jwt-assertion-for', '; "pass_identity_headers" says whether upstreams get it'],
]);

/** Reads the name of a header; `isOwn` is asked, with its canonical spelling, whether only the proxy may set it. */
export function parseHeaderName(
  written: string,
  position: Position,
  { subject, problems }: Context,
  isOwn: (canonical: string) => boolean,
): WrittenName | undefined {
  if (!HEADER_NAME.test(written)) {
    return problems.error(position, `${subject} takes names of headers, such as X-Team (tokens of RFC 9110)`);
  }
  const canonical = canonicalName(written);
  if (isOwn(canonical)) {
    const hint = HINTS.get(canonical) ?? '';
    return problems.error(position, `${subject} must not name ${quote(written)}, which is the proxy's own${hint}`);
  }
  return { name: written.toLowerCase(), position };
}
