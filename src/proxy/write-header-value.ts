import type { AssertionClaims, HeaderValue, HeaderValuePart, TokenKind } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { HEADER_VALUE } from '../header-syntax.ts';
import { encodeHeaderBytes } from './encode-header-bytes.ts';
import { encodeHeaderText } from './encode-header-text.ts';

/** What the parts of a value stand for. */
export interface ValueSources {
  /** Those of the configuration, by number: they go out as they are written. */
  readonly texts: readonly string[];
  /** The assertion that a part asks for. */
  sign(claims: AssertionClaims): string;
  /** The caller's own; null for none. */
  token(kind: TokenKind): string | null;
}

/**
 * The value of a `set` action as it goes out, its parts joined; null where it asks for a token that is not there.
 *
 * @throws BehalfError ERR_ENGINE_DECISION for a number without a text, and for what cannot be sent; and what `sources` throw
 */
export function writeHeaderValue(value: HeaderValue, sources: ValueSources): string | null {
  let written = '';
  for (const part of typeof value === 'string' ? [value] : value) {
    const text = writePart(part, sources);
    if (text === null) return null;
    written += text;
  }
  if (HEADER_VALUE.test(written)) return written;
  throw new BehalfError('ERR_ENGINE_DECISION', 'the decision sets a value that cannot be sent');
}

function writePart(part: HeaderValuePart, { texts, sign, token }: ValueSources): string | null {
  if (typeof part === 'string') return encodeHeaderText(part);
  if ('sign' in part) return sign(part.sign);
  if ('token' in part) return token(part.token);
  if ('bytes' in part) return encodeHeaderBytes(part.bytes);
  const text = texts[part.config];
  if (text !== undefined) return text;
  throw new BehalfError('ERR_ENGINE_DECISION', `the configuration has no text ${part.config} for a header`);
}
