import type { Located } from './config.ts';
import { quote } from './quote.ts';

/** A value in a message, as in `found the string "no"`. Of a `secret` only the kind is said. */
export function describe(value: Located, secret = false): string {
  if (value.kind !== 'scalar') return `a ${value.kind}`;
  if (value.value === null) return 'nothing';
  if (secret) return `a ${typeof value.value}`;
  if (typeof value.value === 'string') return `the string ${quote(value.value)}`;
  return `the ${typeof value.value} ${value.value}`;
}
