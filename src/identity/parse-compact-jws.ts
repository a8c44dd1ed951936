import { type Halves, parseStrictJson } from './parse-strict-json.ts';

export interface CompactJws {
  readonly header: Readonly<Record<string, unknown>>;
  readonly payload: Readonly<Record<string, unknown>>;
  /** The JWS Signing Input: the two parts as they were sent. */
  readonly input: string;
  readonly signature: Uint8Array;
}

/**
 * Header and payload of a compact JWS (RFC 7515, section 7.1) of at most `maxLength` characters. Nothing is verified.
 * Null for anything else, for what leaves room for a second reading (lenient base64url, doubled keys), and for
 * critical extensions: none is understood here (RFC 7515, section 4.1.11; RFC 7797, section 6).
 *
 * @param halves what becomes of halves of surrogate pairs in the payload
 */
export function parseCompactJws(token: string, maxLength: number, halves: Halves = 'refused'): CompactJws | null {
  if (token.length > maxLength) return null;
  const parts = token.split('.').map(decodeBase64url);
  const [headerBytes, payloadBytes, signature] = parts;
  if (parts.length !== 3 || !headerBytes || !payloadBytes || !signature) return null;
  const header = parseStrictJson(headerBytes);
  const payload = parseStrictJson(payloadBytes, halves);
  if (header === null || payload === null) return null;
  if (Object.hasOwn(header, 'crit') || Object.hasOwn(header, 'b64')) return null;
  return { header, payload, input: token.slice(0, token.lastIndexOf('.')), signature };
}

/** Only the one spelling that an encoder writes: Buffer alone would take padding, `+/`, white space and stray last bits. */
function decodeBase64url(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64url');
  return text !== '' && bytes.toString('base64url') === text ? bytes : null;
}
