import type { Located } from './config.ts';
import { looksSecret } from './looks-secret.ts';
import { quote } from './quote.ts';

/**
 * A value in a message, as in `found the string "no"`. Only the kind is said of a `secret`, such as a scalar where a map is
 * due (a file of a key, given as the configuration, is one), of what looks like a secret, and of what a variable holds.
 */
export function describe(value: Located, secret = false): string {
  if (value.kind !== 'scalar') return `a ${value.kind}`;
  if (value.value === null) return 'nothing';
  if (secret || value.position.file.startsWith('env:')) return `a ${typeof value.value}`;
  if (typeof value.value !== 'string') return `the ${typeof value.value} ${value.value}`;
  return looksSecret(value.value) ? 'a string' : `the string ${quote(value.value)}`;
}
