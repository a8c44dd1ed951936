import type { AssertionClaims, HeaderValue, HeaderValuePart } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { HEADER_VALUE } from '../header-syntax.ts';
import { encodeHeaderText } from './encode-header-text.ts';

/**
 * The value of a `set` action as it goes out, its parts joined.
 *
 * @param texts those of the configuration, by number: they go out as they are written
 * @param sign gives the assertion that a part asks for
 * @throws BehalfError ERR_ENGINE_DECISION for a number without a text, and for what cannot be sent; and what `sign` throws
 */
export function writeHeaderValue(
  value: HeaderValue,
  texts: readonly string[],
  sign: (claims: AssertionClaims) => string,
): string {
  const written = typeof value === 'string' ? encodeHeaderText(value) : value.map(writePart).join('');
  if (HEADER_VALUE.test(written)) return written;
  throw new BehalfError('ERR_ENGINE_DECISION', 'the decision sets a value that cannot be sent');

  function writePart(part: HeaderValuePart): string {
    if (typeof part === 'string') return encodeHeaderText(part);
    if ('sign' in part) return sign(part.sign);
    const text = texts[part.config];
    if (text !== undefined) return text;
    throw new BehalfError('ERR_ENGINE_DECISION', `the configuration has no text ${part.config} for a header`);
  }
}
