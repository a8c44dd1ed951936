import type { Located } from '../config/config.ts';
import type { Problems } from '../config/problems.ts';
import { normalizeAddress } from '../normalize-address.ts';
import { writeTexts } from './write-texts.ts';

/**
 * Checks IP addresses and ranges and writes them as a Rego array of CIDR ranges; IPv4 that is mapped into IPv6 as IPv4, as
 * `input.request.ip` has it. Undefined where one is wrong; each fault goes to `problems`.
 */
export function writeAddresses(name: string, data: Located, problems: Problems): string | undefined {
  return writeTexts(name, 'an IP address, or a range such as 10.0.0.0/8', data, normalizeRange, problems);
}

function normalizeRange(text: string): string | null {
  const [, written = '', bits] = /^([^/%]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const address = normalizeAddress(written);
  if (address === null) return null;
  const width = address.includes(':') ? 128 : 32;
  // Mapped IPv4 begins at bit 96; a range that begins before it is one of IPv6, and holds no IPv4.
  const skipped = width === 32 && written.includes(':') ? 96 : 0;
  const length = bits === undefined ? width : Number(bits) - skipped;
  if (length < 0 && Number(bits) <= 128) return `${written}/${bits}`;
  return length <= width ? `${address}/${length}` : null;
}
