import { BehalfError } from '../errors.ts';
import { isProgramToken } from '../identity/is-program-token.ts';
import type { Credential, Identity } from '../identity/open-identity.ts';
import type { Cookies } from '../sign-in/cookies.ts';
import type { Header } from './header.ts';
import type { ReadHeaders } from './read-headers.ts';
import { stripCookies } from './strip-cookies.ts';

export interface FoundCredential {
  readonly credential: Credential | null;
  /** What is the upstream's own: no credential that was consumed here, and no cookie of ours. */
  readonly headers: readonly Header[];
}

/**
 * Whatever begins as one of our forms, or with a token of ours, is ours to judge: it is consumed or refused, never passed
 * on, so that a slip of the pen does not hand a credential to an upstream.
 */
const OURS = /^(?:bearer[ \t]+)?pomerium(?![a-z0-9])/i;
const OUR_FORM = /^(?:bearer[ \t]+pomerium-|pomerium[ \t]+)([a-z0-9._-]+)$/i;
const BEARER = /^bearer[ \t]+([a-z0-9._-]+)(.*)$/i;
const TOKEN = /^[a-z0-9._-]+$/i;

/**
 * Finds the one credential in the headers that is ours to judge, and takes it off, with all cookies of ours.
 *
 * @param findTokenKind what a JWT claims to be; null where it is none of ours to judge
 * @throws BehalfError ERR_CREDENTIAL_AMBIGUOUS; ERR_CREDENTIAL_INVALID (`malformed`)
 */
export function findCredential(
  { headers, presented }: ReadHeaders,
  findTokenKind: Identity['findTokenKind'],
  cookies: Pick<Cookies, 'isOwn' | 'stem'>,
): FoundCredential {
  const credentials: Credential[] = [];
  const kept: Header[] = [];
  let hasAuthorization = false;
  for (const header of headers) {
    const [name, value] = header;
    if (name === 'authorization') {
      if (hasAuthorization) {
        throw new BehalfError('ERR_CREDENTIAL_AMBIGUOUS', 'Authorization is there more than once');
      }
      hasAuthorization = true;
      const credential = readAuthorization(value, findTokenKind);
      if (credential === null) kept.push(header);
      else credentials.push(credential);
    } else if (name === 'cookie') {
      const rest = stripCookies(value, cookies);
      if (rest !== null) kept.push([name, rest]);
    } else {
      kept.push(header);
    }
  }
  credentials.push(...presented.authorization.map(readToken));
  if (credentials.length > 1) {
    throw new BehalfError('ERR_CREDENTIAL_AMBIGUOUS', 'two credentials in one request');
  }
  return { credential: credentials[0] ?? null, headers: kept };
}

function readAuthorization(value: string, findTokenKind: Identity['findTokenKind']): Credential | null {
  if (OURS.test(value)) {
    const token = OUR_FORM.exec(value)?.[1];
    if (token === undefined) {
      throw malformed('Authorization');
    }
    return readOurs(token);
  }
  const [, token, rest] = BEARER.exec(value) ?? [];
  const kind = token === undefined ? null : findTokenKind(token);
  if (token === undefined || kind === null) {
    return null;
  }
  if (kind !== 'provider_token' || rest !== '') {
    throw malformed('Authorization');
  }
  return { kind, token };
}

function readToken(value: string): Credential {
  if (!TOKEN.test(value)) {
    throw malformed('X-Pomerium-Authorization');
  }
  return readOurs(value);
}

function readOurs(token: string): Credential {
  return { kind: isProgramToken(token) ? 'program_token' : 'service_account', token };
}

function malformed(name: string): BehalfError {
  return new BehalfError('ERR_CREDENTIAL_INVALID', `${name} holds no token`, { reason: 'malformed' });
}
