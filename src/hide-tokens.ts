/** What stands in a log for a value that it does not hold. */
export const MASK = '[masked]';

// None of these repeats what itself repeats, as text from a client may be long.

/** Begins as most JWS and JWE do, with `{"` in base64url: what is left of one is masked, even without its other parts. */
const TOKEN = /eyJ[\w-]{5,}(?:\.[\w.-]*)?/g;

/** Letters of base64url and dots, without an end between them. */
const WORD = /[\w.-]+/g;

/** A JSON object of at least one member (RFC 8259, section 4). */
const OBJECT = /\{[ \t\n\r]*"/g;

/**
 * In base64url, `{` and the first bits of what may follow in `OBJECT`: at the beginning of a group of four letters, or
 * behind one or two characters of white space there.
 */
const BRACE = /e(?:y[AI-L]|w[ko0])|[CDI][HXn]s|[CDI].[Blp1]7/;

/** Whether there may be a token in this text, or in what it is the JSON of: false where `hideTokens` finds none for sure. */
export function mayHoldToken(text: string): boolean {
  return BRACE.test(text);
}

/** The text with each JWS or JWE in it masked: with `{"`, or with white space before or between these, as JSON may have it. */
export function hideTokens(text: string): string {
  return mayHoldToken(text) ? text.replace(WORD, hideParts).replace(TOKEN, MASK) : text;
}

/** Three parts are a JWS and five a JWE (RFC 7515, 7516, section 7.1); what stands before and behind may belong to it. */
function hideParts(word: string): string {
  const parts = word.split('.');
  const at = parts.findIndex((part, index) => index + 2 < parts.length && holdsObject(part));
  return at < 0 ? word : [...parts.slice(0, at), MASK].join('.');
}

/** Whether an object begins in this base64url, wherever: the word may begin earlier, as in `Pomerium-ey`. */
function holdsObject(part: string): boolean {
  return mayHoldToken(part) && [0, 1, 2, 3].some((shift) => beginsObject(Buffer.from(part.slice(shift), 'base64url')));
}

/** Whether one of the groups of three bytes begins an object. */
function beginsObject(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return Array.from(text.matchAll(OBJECT)).some(({ index }) => text.slice(index - (index % 3), index).trim() === '');
}
