import {
  BRANDING_DESCRIPTIONS,
  GLOBAL_DESCRIPTIONS,
  HEADER_REWRITE_DESCRIPTIONS,
  REDIRECT_DESCRIPTIONS,
  ROUTE_DESCRIPTIONS,
  SUB_POLICY_DESCRIPTIONS,
  TRUSTED_ISSUER_DESCRIPTIONS,
} from './descriptions.ts';
import {
  BRANDING_KEYS,
  GLOBAL_KEYS,
  HEADER_REWRITE_KEYS,
  REDIRECT_KEYS,
  ROUTE_KEYS,
  SUB_POLICY_KEYS,
  TRUSTED_ISSUER_KEYS,
} from './keys.ts';
import type { Kind } from './kinds.ts';
import { POMERIUM_GLOBAL_KEYS, POMERIUM_ROUTE_KEYS } from './pomerium-keys.ts';

/** A kind of map in a configuration. */
export interface LevelOfKeys {
  readonly name: string;
  readonly place: string;
  readonly keys: Readonly<Record<string, Kind<unknown>>>;
  readonly descriptions: Readonly<Record<string, string>>;
  /** Keys of Pomerium's that are missing here. */
  readonly pomerium: ReadonlySet<string>;
  /** Of each group one has to be there; a key that only another one asks for is not here. */
  readonly required: readonly (readonly string[])[];
  /** Of each group no two may be there. */
  readonly exclusive: readonly (readonly string[])[];
}

const NONE: ReadonlySet<string> = new Set();

const withFile = (key: string): readonly string[] => [key, `${key}_file`];

export const LEVELS = {
  global: {
    name: 'a configuration',
    place: 'at the top level',
    keys: GLOBAL_KEYS,
    descriptions: GLOBAL_DESCRIPTIONS,
    pomerium: POMERIUM_GLOBAL_KEYS,
    required: [],
    exclusive: [
      'certificate',
      'certificate_key',
      'shared_secret',
      'signing_key',
      'cookie_secret',
      'idp_client_secret',
    ].map(withFile),
  },
  route: {
    name: 'a route',
    place: 'in a route',
    keys: ROUTE_KEYS,
    descriptions: ROUTE_DESCRIPTIONS,
    pomerium: POMERIUM_ROUTE_KEYS,
    required: [['from'], ['to', 'redirect']],
    exclusive: [['to', 'redirect'], ['prefix', 'path', 'regex'], withFile('tls_custom_ca')],
  },
  branding: {
    name: 'a branding',
    place: 'in a branding',
    keys: BRANDING_KEYS,
    descriptions: BRANDING_DESCRIPTIONS,
    pomerium: NONE,
    required: [],
    exclusive: [],
  },
  redirect: {
    name: 'a redirect',
    place: 'in a redirect',
    keys: REDIRECT_KEYS,
    descriptions: REDIRECT_DESCRIPTIONS,
    pomerium: NONE,
    required: [],
    exclusive: [['path_redirect', 'prefix_rewrite']],
  },
  header_rewrite: {
    name: 'a rewrite of a header',
    place: 'in a rewrite of a header',
    keys: HEADER_REWRITE_KEYS,
    descriptions: HEADER_REWRITE_DESCRIPTIONS,
    pomerium: NONE,
    required: [['header'], ['prefix'], ['value']],
    exclusive: [],
  },
  sub_policy: {
    name: 'a sub-policy',
    place: 'in a sub-policy',
    keys: SUB_POLICY_KEYS,
    descriptions: SUB_POLICY_DESCRIPTIONS,
    pomerium: NONE,
    required: [],
    exclusive: [],
  },
  trusted_issuer: {
    name: 'a trusted issuer',
    place: 'in a trusted issuer',
    keys: TRUSTED_ISSUER_KEYS,
    descriptions: TRUSTED_ISSUER_DESCRIPTIONS,
    pomerium: NONE,
    required: [['issuer'], ['audiences'], ['domains'], ['jwks_url', 'jwks_file']],
    exclusive: [['jwks_url', 'jwks_file']],
  },
} satisfies Record<string, LevelOfKeys>;
