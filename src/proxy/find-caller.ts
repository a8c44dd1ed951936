import type { Caller } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { credentialInvalid } from '../identity/identity-errors.ts';
import type { Credential, Identity } from '../identity/open-identity.ts';
import type { Session } from '../session/session.ts';
import { findSession } from '../sign-in/find-session.ts';
import type { Browsers, ProxyParts } from './build-proxy-parts.ts';
import { readCookies } from './read-cookies.ts';
import type { ClientRequest } from './read-request.ts';

export interface FoundCaller {
  readonly caller: Caller | null;
  /** The session that says who they are; null where something else does. */
  readonly session: Session | null;
  /** Whether a browser named them by itself, with a cookie, whoever made it ask. */
  readonly isByCookie: boolean;
}

export const NOBODY: FoundCaller = { caller: null, session: null, isByCookie: false };

/**
 * Whom a request's credential names; where there is none, whom its session cookie does. The cookie of a session that has
 * ended names nobody; a program's token is refused then.
 *
 * @throws BehalfError ERR_CREDENTIAL_INVALID, ERR_IDENTITY_*, ERR_STATE_UNUSABLE
 */
export async function findCaller(
  request: Pick<ClientRequest, 'headers' | 'host'>,
  credential: Credential | null,
  proxy: Pick<ProxyParts, 'identity' | 'browsers' | 'cookies'>,
): Promise<FoundCaller> {
  const { identity, browsers, cookies } = proxy;
  if (credential === null) {
    const { stem } = cookies;
    const mayHaveSession = request.headers.some(([name, value]) => name === 'cookie' && value.includes(stem));
    return mayHaveSession ? findByCookie(request, browsers, proxy) : NOBODY;
  }
  return credential.kind === 'program_token'
    ? findByProgramToken(credential.token, request.host, browsers, identity)
    : { ...NOBODY, caller: await identity.identifyCaller(credential) };
}

async function findByCookie(
  { headers, host }: Pick<ClientRequest, 'headers' | 'host'>,
  { sessions }: Browsers,
  { identity, cookies }: Pick<ProxyParts, 'identity' | 'cookies'>,
): Promise<FoundCaller> {
  const brought = readCookies(headers);
  const listed = (wanted: string) => brought.flatMap(([name, value]) => (name === wanted ? [value] : []));
  const found = await findSession({ host, cookies: listed }, cookies, sessions);
  switch (found.kind) {
    case 'none':
      return NOBODY;
    case 'one':
      return { ...describe(found.session, found.session.endsAt, identity), isByCookie: true };
    case 'several':
      throw new BehalfError('ERR_IDENTITY_AMBIGUOUS', 'the request has the cookies of two sessions', {
        reason: 'two-sessions',
      });
  }
}

async function findByProgramToken(
  token: string,
  host: string,
  { sessions, verifyProgramToken }: Browsers,
  identity: Identity,
): Promise<FoundCaller> {
  const { sub, sid, expiresAt } = verifyProgramToken(token, host);
  const session = await sessions.findBySid(sid);
  if (session?.person.id !== sub)
    throw credentialInvalid('revoked', `of ${JSON.stringify(sub)} ended with its session`);
  return { ...describe(session, Math.min(session.endsAt, expiresAt), identity), isByCookie: false };
}

/** @throws BehalfError ERR_IDENTITY_AMBIGUOUS */
function describe(
  session: Session,
  expiresAt: number,
  identity: Pick<Identity, 'checkPerson'>,
): Pick<FoundCaller, 'caller' | 'session'> {
  const { person, sid } = session;
  identity.checkPerson(person.id);
  return { caller: { type: 'user', ...person, session_id: sid, expires_at: expiresAt }, session };
}
