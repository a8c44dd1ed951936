import { findGroups } from '../identity/find-groups.ts';
import { flattenClaims } from '../identity/flatten-claims.ts';
import { leavesGroupsOut } from '../identity/leaves-groups-out.ts';
import type { Person } from '../session/session.ts';
import { signInFailed } from './translate-openid-error.ts';

type Payload = Readonly<Record<string, unknown>>;

/** What the ID token says of itself, and userinfo cannot (OpenID Connect Core 1.0, sections 2 and 5.3.2). */
const OF_THE_TOKEN = ['iss', 'sub', 'aud', 'azp', 'exp', 'iat', 'nbf', 'jti', 'sid', 'auth_time', 'acr', 'amr'];
/** They tie messages to one another, and say nothing of anybody. */
const TIES = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/**
 * The person of an ID token and, where there is one, of the provider's userinfo, which is the younger. Throws
 * ERR_SIGN_IN_FAILED with reason `id-token` or `groups-overage`.
 *
 * @param groupsClaim its name, or dotted path
 */
export function describePerson(idToken: Payload, userinfo: Payload, groupsClaim: string): Person {
  const payload = withoutDeniedEmail(
    { ...omit(idToken, TIES), ...omit(userinfo, [...OF_THE_TOKEN, ...TIES]) },
    idToken,
  );
  const claims = flattenClaims(payload);
  const { sub, email, name } = payload;
  if (typeof sub !== 'string' || sub === '' || !sub.isWellFormed() || claims === null) {
    throw signInFailed('id-token', 'gives no usable claims');
  }
  const groups = findGroups(claims, groupsClaim);
  if (groups === undefined && leavesGroupsOut(payload, groupsClaim)) {
    throw signInFailed('groups-overage', 'leaves the groups out (groups overage): have the provider send fewer');
  }
  return {
    id: sub,
    email: typeof email === 'string' ? email.toWellFormed() : '',
    name: typeof name === 'string' ? name.toWellFormed() : '',
    groups: groups ?? [],
    claims,
  };
}

/** Unlike a program's token, a sign-in drops the email only where the provider says outright that it is not verified. */
function withoutDeniedEmail(payload: Payload, idToken: Payload): Payload {
  // Some providers write booleans as text.
  const isDenied = [payload, idToken].some((one) => String(one['email_verified']).toLowerCase() === 'false');
  return isDenied ? omit(payload, ['email']) : payload;
}

function omit(payload: Payload, names: readonly string[]): Payload {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !names.includes(name)));
}
