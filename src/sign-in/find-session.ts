import type { Session, Sessions } from '../session/session.ts';
import type { Cookies } from './cookies.ts';
import type { OwnRequest } from './own-request.ts';

export interface LiveSession {
  readonly session: Session;
  /** The secret that found it. */
  readonly locator: string;
}

export type FoundSession =
  | { readonly kind: 'none' }
  | ({ readonly kind: 'one' } & LiveSession)
  /** Somebody may have added one to the browser's (RFC 6265bis section 8.6): nobody can tell which. */
  | { readonly kind: 'several'; readonly sids: readonly string[] };

/** Of cookies that were made here, for this host. More of them are no browser's doing. */
const MAX_LOOKUPS = 64;

/**
 * The session that a request's cookies name. One that lives counts, whatever dead, forged or broken ones stand beside it.
 *
 * @throws BehalfError ERR_STATE_UNUSABLE
 */
export async function findSession(
  request: Pick<OwnRequest, 'host' | 'cookies'>,
  cookies: Pick<Cookies, 'session'>,
  sessions: Pick<Sessions, 'readCookie' | 'find'>,
): Promise<FoundSession> {
  const read = request.cookies(cookies.session).map((value) => sessions.readCookie(value, request.host));
  const locators = [...new Set(read)].filter((locator) => locator !== null).slice(0, MAX_LOOKUPS);
  const found = await Promise.all(
    locators.map(async (locator) => ({ session: await sessions.find(locator), locator })),
  );
  const live = found.filter((each): each is LiveSession => each.session !== null);
  const [first, ...others] = live;
  if (first === undefined) return { kind: 'none' };
  return others.length === 0
    ? { kind: 'one', ...first }
    : { kind: 'several', sids: live.map(({ session }) => session.sid) };
}

/** All that live of a request's sessions, by their public name. */
export function sidsOf(found: FoundSession): readonly string[] {
  if (found.kind === 'none') return [];
  return found.kind === 'one' ? [found.session.sid] : found.sids;
}
