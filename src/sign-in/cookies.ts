import type { SessionSettings } from '../config/config.ts';

/** A header of an answer. */
type SetCookie = readonly ['set-cookie', string];

/** The proxy's own cookies: how they are called, and how they are set. */
export interface Cookies {
  /** Stands in the name of each of ours: what it is not in holds none. */
  readonly stem: string;
  /** The name of the one that holds the session. */
  readonly session: string;
  /** Tells one browser from another, on one host, before anybody is signed in. */
  readonly browser: string;
  /** What the names of those begin with that a sign-in leaves on the authenticate host. */
  readonly statePrefix: string;
  /** Whether a name is ours, with a `__Host-` or without: such cookies neither go upstream nor come from there. */
  isOwn(name: string): boolean;
  setSession(value: string, seconds: number): readonly SetCookie[];
  clearSession(): readonly SetCookie[];
  /** One of the others, on this host alone. */
  set(name: string, value: string, seconds: number): SetCookie;
  clear(name: string): SetCookie;
}

/**
 * All are Secure and HttpOnly, and `__Host-` (RFC 6265bis section 4.1.3.2) so that no sibling host can set them; but the
 * session's, where it is to be that of a whole domain.
 */
export function openCookies({ cookieName, cookieDomain, sameSite }: SessionSettings): Cookies {
  const session = cookieDomain === null ? `__Host-${cookieName}` : cookieName;
  const sameSiteOfSession = `; SameSite=${{ lax: 'Lax', strict: 'Strict', none: 'None' }[sameSite]}`;
  const domain = cookieDomain === null ? '' : `; Domain=${cookieDomain}`;
  // A host may have set one of this name for itself, which would stand beside that of the domain for ever.
  const clearOfHost = cookieDomain === null ? [] : [write(session, '', 0, '')];
  const set = (name: string, value: string, seconds: number) => write(name, value, seconds, '; SameSite=Lax');
  const setSession = (value: string, seconds: number) => [
    ...clearOfHost,
    write(session, value, seconds, domain + sameSiteOfSession),
  ];
  return {
    stem: cookieName,
    session,
    browser: `__Host-${cookieName}_browser`,
    statePrefix: `__Host-${cookieName}_state_`,
    isOwn(name) {
      const bare = name.replace(/^__(?:host|secure)-/i, '');
      return bare === cookieName || bare === `${cookieName}_browser` || bare.startsWith(`${cookieName}_state_`);
    },
    setSession,
    clearSession: () => setSession('', 0),
    set,
    clear: (name) => set(name, '', 0),
  };
}

function write(name: string, value: string, seconds: number, more: string): SetCookie {
  return ['set-cookie', `${name}=${value}; Max-Age=${seconds}; Path=/; Secure; HttpOnly${more}`];
}
