import type { OwnRequest } from './own-request.ts';

/** How a browser spells where its request went: `https://app.example.com`. Null for a port that nobody has. */
export function originOf({ scheme, authority }: Pick<OwnRequest, 'scheme' | 'authority'>): string | null {
  return URL.parse(`${scheme}://${authority}`)?.origin ?? null;
}
