import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { writeMatcher } from './write-matcher.ts';
import { type WriteOperand, writeOperators } from './write-operators.ts';
import { writeTexts } from './write-texts.ts';

const FINGERPRINT =
  'a SHA-256 fingerprint: 64 digits from 0 to f, or 32 pairs of digits from 0 to F with ":" between them';
const SPKI_HASH = 'a SHA-256 in standard base64, 44 characters long';

/**
 * Checks what a certificate must be and writes it as a Rego object by the facts' names. Undefined where it is wrong; each
 * fault goes to `problems`.
 */
export function writeCertificateMatcher(name: string, data: Located, problems: Problems): string | undefined {
  if (data.kind !== 'map') {
    return problems.error(
      data.position,
      `${quote(name)} must be a map, as in "fingerprint: ..."; found ${describe(data)}`,
    );
  }
  const writeNames: WriteOperand = (fact, value) => writeMatcher({ name: fact, matcher: 'string' }, value, problems);
  const operators = new Map<string, WriteOperand>([
    ['fingerprint', (fact, value) => writeTexts(fact, FINGERPRINT, value, normalizeFingerprint, problems)],
    ['spki_hash', (fact, value) => writeTexts(fact, SPKI_HASH, value, checkHash, problems)],
    ['san_dns', writeNames],
    ['san_email', writeNames],
    ['san_uri', writeNames],
  ]);
  return writeOperators(name, data, operators, problems);
}

/** The two forms that `openssl` prints, and Pomerium takes. */
function normalizeFingerprint(text: string): string | null {
  if (/^[0-9a-f]{64}$/.test(text)) return text;
  return /^[0-9A-F]{2}(?::[0-9A-F]{2}){31}$/.test(text) ? text.replaceAll(':', '').toLowerCase() : null;
}

/** Only the one spelling that base64 has for each hash can ever be equal. */
function checkHash(text: string): string | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.length === 32 && bytes.toString('base64') === text ? text : null;
}
