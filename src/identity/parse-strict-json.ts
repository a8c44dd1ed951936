import { isRecord } from '../is-record.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const STRING = /"(?:[^"\\]|\\.)*"/g;

/** A half of a surrogate pair: each parser makes something else of it. */
export type Halves = 'refused' | 'left';

/**
 * A JSON object that every parser reads alike: UTF-8 without a byte order mark, no key twice in one object (RFC 8259,
 * section 4, leaves open which one counts), and no half of a surrogate pair, unless these are left to the caller.
 * Null for anything else. Linear in the length of `bytes`.
 */
export function parseStrictJson(
  bytes: Uint8Array,
  halves: Halves = 'refused',
): Readonly<Record<string, unknown>> | null {
  try {
    const text = UTF8.decode(bytes);
    const value: unknown = JSON.parse(text);
    return isRecord(value) && countKeys(value, halves) === countColons(text) ? value : null;
  } catch {
    return null;
  }
}

/** What JSON.parse kept. A loop, since hostile nesting would overflow a recursion. Throws at ill-formed text. */
function countKeys(root: object, halves: Halves): number {
  let keys = 0;
  const rest: unknown[] = [root];
  while (rest.length > 0) {
    const value = rest.pop();
    if (typeof value === 'string' && halves === 'refused' && !value.isWellFormed()) {
      throw new SyntaxError('half of a surrogate pair');
    }
    if (typeof value !== 'object' || value === null) continue;
    const isList = Array.isArray(value);
    for (const [key, item] of Object.entries(value)) {
      rest.push(item);
      if (!isList) {
        rest.push(key);
        keys += 1;
      }
    }
  }
  return keys;
}

/** What the text wrote: outside of strings, each colon of valid JSON belongs to one key. */
function countColons(text: string): number {
  return text.replaceAll(STRING, '').split(':').length - 1;
}
