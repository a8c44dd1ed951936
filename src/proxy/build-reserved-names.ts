import type { ClaimHeader } from '../config/config.ts';
import { canonicalName, isReservedName } from '../reserved-names.ts';

/** Whether a name, in whatever spelling, is one that only the proxy itself may send. */
export type ReservedNames = (name: string) => boolean;

/** The names that are always reserved, and those that the configuration gives to claims. */
export function buildReservedNames(claimHeaders: readonly ClaimHeader[]): ReservedNames {
  if (claimHeaders.length === 0) {
    return isReservedName;
  }
  const names = new Set(claimHeaders.map(({ name }) => canonicalName(name)));
  // All spellings of a name are of one length, which spares most look-ups.
  const lengths = new Set([...names].map((name) => name.length));
  return (name) => (lengths.has(name.length) && names.has(canonicalName(name))) || isReservedName(name);
}
