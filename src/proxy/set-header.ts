import { BehalfError } from '../errors.ts';
import type { Header } from './header.ts';
import { HOP_BY_HOP } from './hop-by-hop.ts';
import { canonicalName } from './reserved-names.ts';

/** Names that belong to the connection, the framing or the target of a message: no decision sets or removes them. */
const FIXED: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'content-length', 'expect', 'forwarded', 'host']);

/** `headers` with that one value under the name, in place of every spelling of it. @throws BehalfError ERR_ENGINE_DECISION */
export function setHeader(headers: readonly Header[], name: string, value: string): readonly Header[] {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) {
    throw new BehalfError(
      'ERR_ENGINE_DECISION',
      `the decision sets a header that cannot be sent: ${JSON.stringify(name)}`,
    );
  }
  return [...withoutHeader(headers, name), [name.toLowerCase(), value]];
}

/** `headers` without the name in any spelling. @throws BehalfError ERR_ENGINE_DECISION */
export function withoutHeader(headers: readonly Header[], name: string): readonly Header[] {
  const canonical = canonicalName(name);
  if (FIXED.has(canonical)) {
    throw new BehalfError(
      'ERR_ENGINE_DECISION',
      `the decision touches ${JSON.stringify(name)}, which is the proxy's own`,
    );
  }
  // All spellings are of one length, which spares most comparisons.
  return headers.filter(([other]) => other.length !== name.length || canonicalName(other) !== canonical);
}
