import type { AssertionClaims, HeaderValue } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { encodeHeaderText } from './encode-header-text.ts';

/**
 * The value of a `set` action as it goes out, its parts joined.
 *
 * @param texts those of the configuration, by number: they go out as they are written
 * @param sign gives the assertion that a part asks for
 * @throws BehalfError ERR_ENGINE_DECISION for a number without a text; and what `sign` throws
 */
export function writeHeaderValue(
  value: HeaderValue,
  texts: readonly string[],
  sign: (claims: AssertionClaims) => string,
): string {
  if (typeof value === 'string') return encodeHeaderText(value);
  return value
    .map((part) => {
      if (typeof part === 'string') return encodeHeaderText(part);
      if ('sign' in part) return sign(part.sign);
      const text = texts[part.config];
      if (text !== undefined) return text;
      throw new BehalfError('ERR_ENGINE_DECISION', `the configuration has no text ${part.config} for a header`);
    })
    .join('');
}
