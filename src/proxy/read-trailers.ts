import { FIXED_NAMES } from '../fixed-names.ts';
import { canonicalName } from '../reserved-names.ts';
import type { ReservedNames } from './build-reserved-names.ts';
import type { Header, RawHeaders } from './header.ts';

/** RFC 9110 section 6.5.1: what routes, authenticates, caches or describes a message has to be known before its body. */
const HEAD_ONLY: ReadonlySet<string> = new Set([
  ...FIXED_NAMES,
  'age',
  'authorization',
  'cache-control',
  'content-encoding',
  'content-range',
  'content-type',
  'date',
  'expires',
  'location',
  'pragma',
  'retry-after',
  'set-cookie',
  'vary',
  'warning',
  'www-authenticate',
]);

/** The trailers of an upstream's answer that may go to the client. */
export function readTrailers(raw: RawHeaders, isReserved: ReservedNames): readonly Header[] {
  const trailers: Header[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] as string).toLowerCase();
    if (!HEAD_ONLY.has(canonicalName(name)) && !isReserved(name)) {
      trailers.push([name, raw[i + 1] as string]);
    }
  }
  return trailers;
}
