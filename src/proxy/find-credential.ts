import { BehalfError } from '../errors.ts';
import type { Credential } from '../identity/open-identity.ts';
import type { Header } from './header.ts';
import type { ReadHeaders } from './read-headers.ts';
import { stripCookie } from './strip-cookie.ts';

export interface FoundCredential {
  readonly credential: Credential | null;
  /** What is the upstream's own: no credential that was consumed here. */
  readonly headers: readonly Header[];
}

/** Whatever begins as one of our forms is ours to judge, in any case: it is consumed or refused, never passed on. */
const OURS = /^(?:bearer[ \t]+)?pomerium(?![a-z0-9])/i;
const OUR_FORM = /^(?:bearer[ \t]+pomerium-|pomerium[ \t]+)([a-z0-9._-]+)$/i;
const BEARER = /^bearer[ \t]+([a-z0-9._-]+)$/i;
const TOKEN = /^[a-z0-9._-]+$/i;

const SESSION_COOKIE = '_pomerium';

/**
 * Finds the one credential that is ours to judge, and takes it off.
 *
 * @param isProviderToken whether a Bearer value is the identity provider's
 * @throws BehalfError ERR_CREDENTIAL_AMBIGUOUS; ERR_CREDENTIAL_INVALID (`malformed`)
 */
export function findCredential(
  { headers, presented }: ReadHeaders,
  isProviderToken: (token: string) => boolean,
): FoundCredential {
  const authorizations = headers.filter(([name]) => name === 'authorization');
  if (authorizations.length > 1) {
    throw new BehalfError('ERR_CREDENTIAL_AMBIGUOUS', 'Authorization is there more than once');
  }
  const consumed = authorizations.flatMap(([, value]) => readAuthorization(value, isProviderToken));
  const credentials = [...consumed, ...presented.authorization.map(readToken)];
  if (credentials.length > 1) {
    throw new BehalfError('ERR_CREDENTIAL_AMBIGUOUS', 'two credentials in one request');
  }
  return {
    credential: credentials[0] ?? null,
    headers: headers.flatMap(([name, value]): readonly Header[] => {
      if (name === 'authorization') {
        return consumed.length === 0 ? [[name, value]] : [];
      }
      const rest = name === 'cookie' ? stripCookie(value, SESSION_COOKIE) : value;
      return rest === null ? [] : [[name, rest]];
    }),
  };
}

function readAuthorization(value: string, isProviderToken: (token: string) => boolean): readonly Credential[] {
  if (OURS.test(value)) {
    const token = OUR_FORM.exec(value)?.[1];
    if (token === undefined) {
      throw malformed('Authorization');
    }
    return [{ kind: 'service_account', token }];
  }
  const token = BEARER.exec(value)?.[1];
  return token !== undefined && isProviderToken(token) ? [{ kind: 'identity_token', token }] : [];
}

function readToken(value: string): Credential {
  if (!TOKEN.test(value)) {
    throw malformed('X-Pomerium-Authorization');
  }
  return { kind: 'service_account', token: value };
}

function malformed(name: string): BehalfError {
  return new BehalfError('ERR_CREDENTIAL_INVALID', `${name} holds no token`, { reason: 'malformed' });
}
