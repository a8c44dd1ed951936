import type { Config } from '../config/config.ts';
import type { Caller, CallerType, Claims, OriginalUser } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { findGroups } from '../identity/find-groups.ts';
import { flattenClaims } from '../identity/flatten-claims.ts';
import { ASSERTION_LIFE_SECONDS } from '../identity/sign-assertion.ts';
import { withoutUnverifiedEmail } from '../identity/without-unverified-email.ts';

/** Somebody as a case or a command line tells of them. */
export interface Person {
  /** A person where it is not said. */
  readonly type?: CallerType;
  /** As policies compare it: a provider's `sub`, or a service account's name. The email address where it is not said. */
  readonly id?: string;
  readonly email?: string;
  readonly name?: string;
  readonly groups?: readonly string[];
  /** Further ones, as a token holds them; nested or flat. They win over those that the rest makes. */
  readonly claims?: Readonly<Record<string, unknown>>;
  /** Of an original user: who signed the assertion. The host that the request is for where it is not said. */
  readonly issuer?: string;
}

const HOUR_SECONDS = 3600;
const SESSION_ID = 'imagined';

/**
 * A caller, as the proxy knows one by a good credential: a person by an identity token, a service account by its own.
 *
 * @param now seconds since 1970
 * @throws BehalfError ERR_INPUT_INVALID where no such caller can be
 */
export function imagineCaller(person: Person, config: Config, now: number): Caller {
  const id = identify(person);
  if (person.type === 'service_account') {
    const { email, name, groups, claims } = NOTHING;
    return { type: person.type, id, email, name, groups, claims, session_id: SESSION_ID, expires_at: null };
  }
  const expires_at = now + HOUR_SECONDS;
  const { issuer, clientId, groupsClaim } = config.provider ?? NO_PROVIDER;
  const token = { iss: issuer, aud: clientId, sub: id, iat: now, exp: expires_at, ...describe(person, groupsClaim) };
  return { type: 'user', id, ...read(token, groupsClaim), session_id: SESSION_ID, expires_at };
}

/**
 * An original user, as the proxy knows one by a good assertion: of a person's claims it holds those that have a header
 * of their own, unless it is of another issuer.
 *
 * @param host that the request is for
 * @param now seconds since 1970
 * @throws BehalfError ERR_INPUT_INVALID where no such original user can be
 */
export function imagineOriginalUser(person: Person, config: Config, host: string, now: number): OriginalUser {
  const { type = 'user', issuer = host } = person;
  const id = identify(person);
  const expires_at = now + ASSERTION_LIFE_SECONDS;
  const foreign = config.trustedIssuers.find((trusted) => trusted.issuer === issuer);
  const audience = foreign?.audiences[0] ?? host;
  const own = { iss: issuer, aud: audience, sub: id, user: id, sid: SESSION_ID, caller_type: type };
  const groupsClaim = foreign === undefined ? (config.provider ?? NO_PROVIDER).groupsClaim : GROUPS;
  const said = read(type === 'user' ? describe(person, groupsClaim) : {}, groupsClaim);
  const kept =
    foreign === undefined
      ? pick(
          said.claims,
          config.claimHeaders.map(({ claim }) => claim),
        )
      : said.claims;
  const { email, name, groups } = said;
  const claims = read(
    { ...kept, ...own, email, name, groups, jti: SESSION_ID, iat: now, exp: expires_at },
    GROUPS,
  ).claims;
  return { type, id, email, name, groups, claims, issuer, audience, expires_at, expired: false };
}

/** As assertions name the claim, whatever the provider calls it. */
const GROUPS = 'groups';
const NO_PROVIDER = { issuer: 'https://id.example', clientId: 'behalf', groupsClaim: GROUPS };
const NOTHING = { email: '', name: '', groups: [], claims: {} };

function identify({ type, id, email, name, groups, claims }: Person): string {
  if (type === 'service_account' && (email ?? name ?? groups ?? claims) !== undefined) {
    throw new BehalfError('ERR_INPUT_INVALID', 'a service account has an id, and no email, name, groups or claims');
  }
  const found = id ?? email ?? '';
  if (found === '') throw new BehalfError('ERR_INPUT_INVALID', 'whoever calls has an id or an email address');
  return found;
}

function describe({ email, name, groups, claims }: Person, groupsClaim: string): Record<string, unknown> {
  const said = { email, name, [groupsClaim]: groups };
  return { ...Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined)), ...claims };
}

/** What the claims of a verified token make of somebody. */
function read(
  token: Readonly<Record<string, unknown>>,
  groupsClaim: string,
): Pick<Caller, 'email' | 'name' | 'groups' | 'claims'> {
  const payload = withoutUnverifiedEmail(token);
  const { email, name } = payload;
  const claims = flattenClaims(payload);
  if (claims === null) {
    throw new BehalfError(
      'ERR_INPUT_INVALID',
      'no token is taken that has such claims: too many, too deep, twice the same, or no exact number',
    );
  }
  return {
    email: typeof email === 'string' ? email : '',
    name: typeof name === 'string' ? name : '',
    groups: findGroups(claims, groupsClaim) ?? [],
    claims,
  };
}

function pick(claims: Claims, names: readonly string[]): Claims {
  return Object.fromEntries(names.flatMap((name) => (Object.hasOwn(claims, name) ? [[name, claims[name] ?? []]] : [])));
}
