import type { Cookies } from './cookies.ts';
import type { OwnRequest } from './own-request.ts';

/** As many sign-ins may be under way in one browser, each in a tab of its own: a browser that starts opens many at once. */
const MAX_COUNT = 12;
/** Of their cookies together: servers in front of this one may take no header line of more than 8 KiB. */
const MAX_BYTES = 7000;

/** Which sign-ins' cookies go, the oldest first, so that there is room for one more of so many bytes. */
export function listSurplusStates(
  request: Pick<OwnRequest, 'cookieNames' | 'cookies'>,
  { statePrefix }: Pick<Cookies, 'statePrefix'>,
  bytes: number,
): readonly string[] {
  const isState = (name: string): boolean => name.startsWith(statePrefix);
  // Browsers list what they got earlier first (RFC 6265bis section 5.8.3).
  const names = [...new Set(request.cookieNames().filter(isState))].reverse();
  let room = MAX_BYTES - bytes;
  return names.filter((name, index) => {
    for (const value of request.cookies(name)) room -= name.length + value.length;
    return index + 1 >= MAX_COUNT || room < 0;
  });
}
