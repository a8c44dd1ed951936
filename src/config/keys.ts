import type { Policy } from './config.ts';
import {
  boolean,
  fileOf,
  integer,
  type Kind,
  list,
  located,
  oneOf,
  privateText,
  publicFileOf,
  secret,
  someOf,
  string,
  structure,
  text,
} from './kinds.ts';
import { parseAddress } from './parse-address.ts';
import { parseCertificateKey } from './parse-certificate-key.ts';
import { parseCertificates } from './parse-certificates.ts';
import { claimHeaders } from './parse-claim-headers.ts';
import { claims } from './parse-claims.ts';
import { duration, secondsBetween } from './parse-duration.ts';
import { parseEmailDomain } from './parse-email-domain.ts';
import { parseFrom } from './parse-from.ts';
import { headerNames, requestHeaders, responseHeaders } from './parse-headers.ts';
import { parseAuthority, parseHost, parseServerName } from './parse-host.ts';
import { parseIssuer } from './parse-issuer.ts';
import { parseIssuerFormat } from './parse-issuer-format.ts';
import { parseJwks } from './parse-jwks.ts';
import { parsePath, parsePrefix, parseRewrite } from './parse-path.ts';
import { parsePolicy } from './parse-policy.ts';
import { parseRegex } from './parse-regex.ts';
import { parseServiceUrl } from './parse-service-url.ts';
import { parseSharedSecret } from './parse-shared-secret.ts';
import { parseSigningKeys } from './parse-signing-keys.ts';
import { upstreams } from './parse-to.ts';

const PATH = 'a path that starts with "/"';
const URL = 'a URL such as https://id.example.com';

const bytes32 = privateText('32 bytes in standard base64, as openssl rand -base64 32 makes them', parseSharedSecret);
const signingKeys = privateText('private keys as PEM, or as base64 of PEM', parseSigningKeys);
const certificateKey = privateText('a private key as PEM, or as base64 of PEM', parseCertificateKey);
const certificates = privateText('certificates as PEM, or as base64 of PEM', parseCertificates);
const jwks = privateText('a JWK Set with public keys', parseJwks);
const issuerFormat = text('"hostOnly" or "uri"', parseIssuerFormat);
const maxAge = secondsBetween('1s', '8760h');
const routes = list(structure('a route'));
const policy: Kind<Policy> = { ...structure('a policy'), parse: (value, { problems }) => parsePolicy(value, problems) };

/** Every key at the top level, and what it takes: the one place that says what there is. */
export const GLOBAL_KEYS = {
  address: text('host:port or :port', parseAddress),
  certificate: certificates,
  certificate_file: publicFileOf(certificates),
  certificate_key: certificateKey,
  certificate_key_file: fileOf(certificateKey),
  insecure_server: boolean,
  shared_secret: bytes32,
  shared_secret_file: fileOf(bytes32),
  signing_key: signingKeys,
  signing_key_file: fileOf(signingKeys),
  cookie_secret: bytes32,
  cookie_secret_file: fileOf(bytes32),
  state_dir: string,
  authenticate_service_url: privateText('a URL such as https://authenticate.example.com', parseServiceUrl),
  idp_provider: oneOf(
    ['oidc'],
    ['apple', 'auth0', 'azure', 'cognito', 'github', 'gitlab', 'google', 'hosted', 'okta', 'onelogin', 'ping'],
  ),
  idp_provider_url: privateText(URL, parseIssuer),
  idp_client_id: string,
  idp_client_secret: secret,
  idp_client_secret_file: fileOf(secret),
  bearer_token_format: oneOf(['default', 'idp_identity_token', 'idp_access_token'], ['jwt']),
  idp_access_token_allowed_audiences: someOf(string),
  clock_skew: secondsBetween('0s', '5m'),
  original_user: oneOf(['verified', 'unverified'], []),
  original_user_max_age: maxAge,
  trusted_issuers: list(structure('a trusted issuer')),
  pass_identity_headers: boolean,
  jwt_claims_headers: claimHeaders,
  jwt_issuer_format: issuerFormat,
  set_response_headers: responseHeaders,
  default_upstream_timeout: duration,
  policy: routes,
  routes,
} satisfies Record<string, Kind<unknown>>;

/** Every key of a route. */
export const ROUTE_KEYS = {
  name: string,
  from: privateText('a URL such as https://app.example.com', parseFrom),
  to: upstreams,
  redirect: structure('a redirect'),
  prefix: text(PATH, parsePrefix),
  path: text(PATH, parsePath),
  regex: text('a regular expression of RE2', parseRegex),
  prefix_rewrite: text(PATH, parseRewrite),
  preserve_host_header: boolean,
  host_rewrite: text('a host, perhaps with a port', parseAuthority),
  policy,
  allowed_users: list(located(string)),
  allowed_domains: list(located(string)),
  allowed_idp_claims: claims,
  allow_any_authenticated_user: boolean,
  allow_public_unauthenticated_access: boolean,
  cors_allow_preflight: boolean,
  pass_identity_headers: boolean,
  jwt_issuer_format: issuerFormat,
  original_user_max_age: maxAge,
  set_request_headers: requestHeaders,
  remove_request_headers: headerNames,
  set_response_headers: responseHeaders,
  allow_websockets: boolean,
  timeout: duration,
  idle_timeout: duration,
  tls_skip_verify: boolean,
  tls_server_name: text('a host name', parseServerName),
  tls_upstream_server_name: text('a host name', parseServerName),
  tls_custom_ca: certificates,
  tls_custom_ca_file: publicFileOf(certificates),
} satisfies Record<string, Kind<unknown>>;

const STATUSES = [301, 302, 303, 307, 308] as const;

/** Every key of a route's `redirect`. */
export const REDIRECT_KEYS = {
  https_redirect: boolean,
  scheme_redirect: oneOf(['http', 'https'], []),
  host_redirect: text('a host without a port', parseHost),
  port_redirect: integer('a number from 1 to 65535', (port) => (port >= 1 && port <= 65_535 ? port : undefined)),
  path_redirect: text(PATH, parseRewrite),
  prefix_rewrite: text(PATH, parseRewrite),
  response_code: integer('301, 302, 303, 307 or 308', (code) => STATUSES.find((status) => status === code)),
  strip_query: boolean,
} satisfies Record<string, Kind<unknown>>;

/** Every key of one of `trusted_issuers`. */
export const TRUSTED_ISSUER_KEYS = {
  issuer: string,
  jwks_url: privateText(URL, parseIssuer),
  jwks_file: publicFileOf(jwks),
  audiences: someOf(string),
  domains: someOf(text('an email domain such as example.com', parseEmailDomain)),
  max_lifetime: secondsBetween('1s', '24h'),
} satisfies Record<string, Kind<unknown>>;
