import type { Located, Policy } from './config.ts';
import { boolean, fileOf, type Kind, list, located, oneOf, privateText, secret, string, text } from './kinds.ts';
import { parseAddress } from './parse-address.ts';
import { claims } from './parse-claims.ts';
import { duration } from './parse-duration.ts';
import { parseFrom } from './parse-from.ts';
import { parseIssuer } from './parse-issuer.ts';
import { parsePath, parsePrefix, parseRewrite } from './parse-path.ts';
import { parsePolicy } from './parse-policy.ts';
import { parseRegex } from './parse-regex.ts';
import { parseSharedSecret } from './parse-shared-secret.ts';
import { parseSigningKey } from './parse-signing-key.ts';
import { upstreams } from './parse-to.ts';

const PATH = 'a path that starts with "/"';
const sharedSecret = privateText(
  '32 bytes in standard base64, as openssl rand -base64 32 makes them',
  parseSharedSecret,
);
const signingKey = privateText('a P-256 private key as PEM, or as base64 of PEM', parseSigningKey);
const route: Kind<Located> = { type: 'a route', parse: (value) => value };
const policy: Kind<Policy> = { type: 'a policy', parse: (value, { problems }) => parsePolicy(value, problems) };

/** Every key at the top level, and what it takes: the one place that says what there is. */
export const GLOBAL_KEYS = {
  address: text('host:port or :port', parseAddress),
  insecure_server: boolean,
  shared_secret: sharedSecret,
  shared_secret_file: fileOf(sharedSecret),
  signing_key: signingKey,
  signing_key_file: fileOf(signingKey),
  state_dir: string,
  idp_provider: oneOf(
    ['oidc'],
    ['apple', 'auth0', 'azure', 'cognito', 'github', 'gitlab', 'google', 'hosted', 'okta', 'onelogin', 'ping'],
  ),
  idp_provider_url: privateText('a URL such as https://id.example.com', parseIssuer),
  idp_client_id: string,
  idp_client_secret: secret,
  idp_client_secret_file: fileOf(secret),
  bearer_token_format: oneOf(['default', 'idp_identity_token'], ['idp_access_token', 'jwt']),
  pass_identity_headers: boolean,
  original_user: oneOf(['verified'], ['unverified']),
  routes: list(route),
} satisfies Record<string, Kind<unknown>>;

/** Every key of a route. */
export const ROUTE_KEYS = {
  name: string,
  from: privateText('a URL such as https://app.example.com', parseFrom),
  to: upstreams,
  prefix: text(PATH, parsePrefix),
  path: text(PATH, parsePath),
  regex: text('a regular expression of RE2', parseRegex),
  prefix_rewrite: text(PATH, parseRewrite),
  preserve_host_header: boolean,
  pass_identity_headers: boolean,
  policy,
  allowed_users: list(located(string)),
  allowed_domains: list(located(string)),
  allowed_idp_claims: claims,
  allow_any_authenticated_user: boolean,
  allow_public_unauthenticated_access: boolean,
  cors_allow_preflight: boolean,
  timeout: duration,
} satisfies Record<string, Kind<unknown>>;
