import type { RawHeaders } from './header.ts';

const NONE: ReadonlySet<string> = new Set();

/** Names, in lower case, that a message's `Connection` headers call hop-by-hop (RFC 9110 section 7.6.1). */
export function connectionNames(raw: RawHeaders): ReadonlySet<string> {
  let names: Set<string> | null = null;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() === 'connection') {
      names ??= new Set();
      for (const option of raw[i + 1]?.split(',') ?? []) {
        names.add(option.trim().toLowerCase());
      }
    }
  }
  return names ?? NONE;
}
