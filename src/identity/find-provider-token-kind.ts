import type { CompactJws } from './parse-compact-jws.ts';

/** `either`: nothing tells; `other`: neither of the two, or one that only the holder of some key may bring. */
export type ProviderTokenKind = 'identity' | 'access' | 'either' | 'other';

const KIND_OF_TYP: Readonly<Record<string, ProviderTokenKind>> = {
  'at+jwt': 'access',
  'application/at+jwt': 'access',
  jwt: 'either',
};

/** Keycloak says it in a claim `typ`, Cognito in `token_use`. */
const KIND_OF_CLAIM: Readonly<Record<string, ProviderTokenKind>> = {
  id: 'identity',
  bearer: 'access',
  access: 'access',
  jwt: 'either',
};

/** OpenID Connect Core 1.0, sections 2 and 3.3.2.11: what ties the token to the client's sign-in. */
const IDENTITY_CLAIMS = ['nonce', 'at_hash', 'c_hash'];
/** RFC 9068, section 2.2; Entra ID and Okta write `scp`, Entra ID `appid` to `idtyp` as well, Auth0 `gty`. */
const ACCESS_CLAIMS = ['scope', 'scp', 'client_id', 'appid', 'appidacr', 'azpacr', 'idtyp', 'gty'];
/** Logout and security event tokens (RFC 8417, section 2.2); tokens that a thief could not use (RFC 7800, section 3.1). */
const OTHER_CLAIMS = ['events', 'cnf'];

/**
 * What kind of token a provider's JWT is. One key signs them all, so that only the token itself tells (RFC 8725, section
 * 3.11); and as many providers send `typ` JWT for both, its claims count where `typ` says nothing.
 */
export function findProviderTokenKind({ header, payload }: Pick<CompactJws, 'header' | 'payload'>): ProviderTokenKind {
  const has = (claim: string) => Object.hasOwn(payload, claim);
  if (OTHER_CLAIMS.some(has)) return 'other';
  const said = [
    read(KIND_OF_TYP, header['typ']),
    read(KIND_OF_CLAIM, payload['typ']),
    read(KIND_OF_CLAIM, payload['token_use']),
  ].filter((kind) => kind !== 'either');
  const [kind] = said;
  if (kind !== undefined) return said.every((other) => other === kind) ? kind : 'other';
  if (IDENTITY_CLAIMS.some(has)) return 'identity';
  return ACCESS_CLAIMS.some(has) ? 'access' : 'either';
}

function read(table: Readonly<Record<string, ProviderTokenKind>>, value: unknown = 'jwt'): ProviderTokenKind {
  const name = typeof value === 'string' ? value.toLowerCase() : '';
  return Object.hasOwn(table, name) ? (table[name] ?? 'other') : 'other';
}
