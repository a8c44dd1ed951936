import type { Policy } from './config.ts';
import {
  anyCase,
  boolean,
  fileOf,
  integer,
  type Kind,
  list,
  located,
  numberBetween,
  oneOf,
  privateText,
  publicFileOf,
  secret,
  someOf,
  string,
  structure,
  text,
} from './kinds.ts';
import { OTHER_PROVIDERS, PROVIDER_NAMES } from './named-providers.ts';
import { parseAddress } from './parse-address.ts';
import { parseCertificateKey } from './parse-certificate-key.ts';
import { parseCertificates } from './parse-certificates.ts';
import { claimHeaders } from './parse-claim-headers.ts';
import { claims } from './parse-claims.ts';
import { parseColor } from './parse-color.ts';
import { parseCookieDomain } from './parse-cookie-domain.ts';
import { parseCookieName } from './parse-cookie-name.ts';
import { duration, secondsBetween } from './parse-duration.ts';
import { parseEmailDomain } from './parse-email-domain.ts';
import { parseFrom } from './parse-from.ts';
import { headerName, headerNames, headerPrefix, headerText, requestHeaders, responseHeaders } from './parse-headers.ts';
import { parseAuthority, parseHost, parseServerName } from './parse-host.ts';
import { httpOnly } from './parse-http-only.ts';
import { image } from './parse-image.ts';
import { parseIssuer } from './parse-issuer.ts';
import { parseIssuerFormat } from './parse-issuer-format.ts';
import { parseJwks } from './parse-jwks.ts';
import { parseLabel } from './parse-label.ts';
import { parseOrigin } from './parse-origin.ts';
import { parsePageUrl } from './parse-page-url.ts';
import { parsePath, parsePrefix, parseRewrite } from './parse-path.ts';
import { parsePolicy } from './parse-policy.ts';
import { policyData } from './parse-policy-data.ts';
import { parseProgramHost } from './parse-program-host.ts';
import { parseRegex } from './parse-regex.ts';
import { rego, regoVersion } from './parse-rego.ts';
import { requestParams } from './parse-request-params.ts';
import { scopes } from './parse-scopes.ts';
import { parseServiceUrl } from './parse-service-url.ts';
import { parseSharedSecret } from './parse-shared-secret.ts';
import { parseSigningKeys } from './parse-signing-keys.ts';
import { sizeBetween } from './parse-size.ts';
import { upstreams } from './parse-to.ts';
import { WEB_URL } from './parse-url.ts';

const PATH = 'a path that starts with "/"';
const STARTS_WITH_SLASH = { pattern: '^/' };
const URL = 'a URL such as https://id.example.com';

const bytes32 = privateText('32 bytes in standard base64, as openssl rand -base64 32 makes them', parseSharedSecret);
const signingKeys = privateText('private keys as PEM, or as base64 of PEM', parseSigningKeys);
const certificateKey = privateText('a private key as PEM, or as base64 of PEM', parseCertificateKey);
const certificates = privateText('certificates as PEM, or as base64 of PEM', parseCertificates);
const jwks = privateText('a JWK Set with public keys', parseJwks);
const issuerFormat = text('"hostOnly" or "uri"', parseIssuerFormat, anyCase(['hostOnly', 'uri', '']));
const groups = someOf(string);
const maxAge = secondsBetween('1s', '8760h');
const rewrites = list(structure('a rewrite of a header', 'header_rewrite'));
const routes = list(structure('a route', 'route'));
const policy: Kind<Policy> = {
  ...structure('a policy', 'policy'),
  parse: parsePolicy,
};

/** Every key at the top level, and what it takes: the one place that says what there is. */
export const GLOBAL_KEYS = {
  address: text('host:port or :port', parseAddress, { pattern: ':\\d+$' }),
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
  authenticate_service_url: privateText('a URL such as https://authenticate.example.com', parseServiceUrl, WEB_URL),
  signout_redirect_url: privateText('a URL such as https://www.example.com', parsePageUrl, WEB_URL),
  cookie_name: text('a name of at most 64 letters, digits, "_", "-" and "."', parseCookieName),
  cookie_domain: text('a domain such as example.com', parseCookieDomain),
  cookie_expire: secondsBetween('1s', '8760h'),
  cookie_same_site: oneOf(['lax', 'strict', 'none']),
  cookie_http_only: httpOnly,
  branding: structure('a map of what pages show', 'branding'),
  programmatic_redirect_domain_whitelist: list(text('"localhost"', parseProgramHost, { const: 'localhost' })),
  idp_provider: oneOf(PROVIDER_NAMES, OTHER_PROVIDERS, ' ("oidc" is any provider with discovery)'),
  idp_provider_url: privateText(URL, parseIssuer, WEB_URL),
  idp_client_id: string,
  idp_client_secret: secret,
  idp_client_secret_file: fileOf(secret),
  idp_scopes: scopes,
  idp_request_params: requestParams,
  idp_groups_claim: string,
  idp_outage_grace: secondsBetween('0s', '24h'),
  bearer_token_format: oneOf(
    ['default', 'idp_identity_token', 'idp_access_token'],
    new Map([['jwt', 'JWTs of other issuers sign nobody in yet']]),
  ),
  idp_access_token_allowed_audiences: someOf(string),
  clock_skew: secondsBetween('0s', '5m'),
  original_user: oneOf(['verified', 'unverified']),
  original_user_max_age: maxAge,
  trusted_issuers: list(structure('a trusted issuer', 'trusted_issuer')),
  decision_log: string,
  decision_log_max_size: sizeBetween('1MiB', '1024GiB'),
  decision_log_keep: numberBetween(0, 1000),
  decision_log_headers: headerNames,
  decision_log_claims: list(string),
  pass_identity_headers: boolean,
  jwt_claims_headers: claimHeaders,
  jwt_groups_filter: groups,
  jwt_groups_of_policy: boolean,
  jwt_issuer_format: issuerFormat,
  set_request_headers: requestHeaders,
  remove_request_headers: headerNames,
  set_response_headers: responseHeaders,
  rewrite_response_headers: rewrites,
  default_upstream_timeout: duration,
  operators: list(string),
  data: policyData,
  xff_num_trusted_hops: numberBetween(0, 100),
  policy: routes,
  routes,
} satisfies Record<string, Kind<unknown>>;

/** Every key of a route. */
export const ROUTE_KEYS = {
  name: string,
  from: privateText('a URL such as https://app.example.com', parseFrom, WEB_URL),
  to: upstreams,
  redirect: structure('a redirect', 'redirect'),
  prefix: text(PATH, parsePrefix, STARTS_WITH_SLASH),
  path: text(PATH, parsePath, STARTS_WITH_SLASH),
  regex: text('a regular expression of RE2', parseRegex),
  prefix_rewrite: text(PATH, parseRewrite, STARTS_WITH_SLASH),
  preserve_host_header: boolean,
  host_rewrite: text('a host, perhaps with a port', parseAuthority),
  policy,
  allowed_users: list(located(string)),
  allowed_domains: list(located(string)),
  allowed_idp_claims: claims,
  allow_any_authenticated_user: boolean,
  allow_public_unauthenticated_access: boolean,
  cors_allow_preflight: boolean,
  sub_policies: list(structure('a sub-policy', 'sub_policy')),
  pass_identity_headers: boolean,
  jwt_groups_filter: groups,
  jwt_groups_of_policy: boolean,
  jwt_issuer_format: issuerFormat,
  original_user_max_age: maxAge,
  set_request_headers: requestHeaders,
  remove_request_headers: headerNames,
  set_response_headers: responseHeaders,
  rewrite_response_headers: rewrites,
  allow_websockets: boolean,
  allowed_origins: list(text('an origin such as https://app.example.com', parseOrigin, WEB_URL)),
  timeout: duration,
  idle_timeout: duration,
  tls_skip_verify: boolean,
  tls_server_name: text('a host name', parseServerName),
  tls_upstream_server_name: text('a host name', parseServerName),
  tls_custom_ca: certificates,
  tls_custom_ca_file: publicFileOf(certificates),
} satisfies Record<string, Kind<unknown>>;

/** Every key of `branding`. */
export const BRANDING_KEYS = {
  name: text('a name of at most 60 characters', parseLabel),
  logo: image,
  color: text('a colour in quotes such as "#0057b8", as # begins a comment', parseColor, {
    pattern: '^#(?:[0-9A-Fa-f]{3}){1,2}$',
  }),
} satisfies Record<string, Kind<unknown>>;

/** Every key of one of `rewrite_response_headers`. */
export const HEADER_REWRITE_KEYS = {
  header: headerName,
  prefix: headerPrefix,
  value: headerText,
} satisfies Record<string, Kind<unknown>>;

/** Every key of one of a route's `sub_policies`. */
export const SUB_POLICY_KEYS = {
  id: string,
  name: string,
  explanation: string,
  remediation: string,
  source_ppl: string,
  allowed_users: list(located(string)),
  allowed_domains: list(located(string)),
  allowed_idp_claims: claims,
  rego,
  rego_version: regoVersion,
} satisfies Record<string, Kind<unknown>>;

const STATUSES = [301, 302, 303, 307, 308] as const;

/** Every key of a route's `redirect`. */
export const REDIRECT_KEYS = {
  https_redirect: boolean,
  scheme_redirect: oneOf(['http', 'https']),
  host_redirect: text('a host without a port', parseHost),
  port_redirect: numberBetween(1, 65_535),
  path_redirect: text(PATH, parseRewrite, STARTS_WITH_SLASH),
  prefix_rewrite: text(PATH, parseRewrite, STARTS_WITH_SLASH),
  response_code: integer('301, 302, 303, 307 or 308', (code) => STATUSES.find((status) => status === code), {
    enum: STATUSES,
  }),
  strip_query: boolean,
} satisfies Record<string, Kind<unknown>>;

/** Every key of one of `trusted_issuers`. */
export const TRUSTED_ISSUER_KEYS = {
  issuer: string,
  jwks_url: privateText(URL, parseIssuer, WEB_URL),
  jwks_file: publicFileOf(jwks),
  audiences: someOf(string),
  domains: someOf(text('an email domain such as example.com', parseEmailDomain)),
  max_lifetime: secondsBetween('1s', '24h'),
} satisfies Record<string, Kind<unknown>>;
