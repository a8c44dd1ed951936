import type {
  BRANDING_KEYS,
  GLOBAL_KEYS,
  HEADER_REWRITE_KEYS,
  REDIRECT_KEYS,
  ROUTE_KEYS,
  SUB_POLICY_KEYS,
  TRUSTED_ISSUER_KEYS,
} from './keys.ts';

// What each key does, for editors and the reference pages: Markdown, one paragraph, whole sentences. What a key takes is
// its kind's to say; the default stands at the end, as in "Default: `:443`."

export const GLOBAL_DESCRIPTIONS = {
  address: 'Where the proxy listens. Port `0` is any that is free. Default: `:443`.',
  certificate: 'The certificate that the proxy serves TLS with, then the rest of its chain, as PEM.',
  certificate_file: 'The file of the certificate that the proxy serves TLS with, then the rest of its chain, as PEM.',
  certificate_key: 'The private key of the first certificate, as PEM. Better in a file: `certificate_key_file`.',
  certificate_key_file: 'The file of the private key of the first certificate, as PEM.',
  insecure_server:
    'Serves plain HTTP, for loopback or behind a TLS terminator. Either this is `true`, or there is a certificate. Default: `false`.',
  shared_secret:
    "What service accounts' tokens are signed with, and what the keys of session cookies, of hand-overs and of stored tokens are derived from: another one ends them all at once. Better in a file: `shared_secret_file`. Default: one that is made in `state_dir`.",
  shared_secret_file:
    'The file of `shared_secret`: `openssl rand -base64 32` makes one. Default: one that is made in `state_dir`.',
  signing_key:
    'What assertions are signed with: P-256 (ES256), RSA of 2048 bits or more (RS256) or Ed25519 (EdDSA). The first key signs, all are published. Better in a file: `signing_key_file`. Default: one that is made in `state_dir`.',
  signing_key_file:
    'The file of what assertions are signed with: P-256 (ES256), RSA of 2048 bits or more (RS256) or Ed25519 (EdDSA). The first key signs, all are published. Default: one that is made in `state_dir`.',
  cookie_secret: "Pomerium's key, checked and then ignored: Behalf derives its keys from `shared_secret`.",
  cookie_secret_file: 'The file of `cookie_secret`, checked and then ignored like it.',
  state_dir:
    'The folder of keys, and of the stores of service accounts and sessions, for the owner alone. Default: `.behalf` beside the configuration.',
  authenticate_service_url:
    'Where browsers sign in, for all routes: the URL of a host of its own that leads here, without a path. With `/oauth2/callback` behind it, the redirect URI that the provider has to know. Default: browsers cannot sign in.',
  signout_redirect_url: 'Where people go who have signed out. Default: a page of Behalf.',
  cookie_name:
    'The session cookie, to which `__Host-` is added where there is no `cookie_domain`. Its own cookies never reach an upstream. Default: `_pomerium`.',
  cookie_domain:
    'Gives one session cookie to every host of this domain, those of others too. It must cover all hosts, and each load warns. Without it each host has its own, and one sign-in serves all routes as well. Default: none.',
  cookie_expire: 'How long a session lives at most, in the browser and here. Default: `14h`.',
  cookie_same_site:
    'When browsers send the session cookie with a request that another site began: `lax` for links, `strict` never, `none` always. Default: `lax`.',
  cookie_http_only: 'Scripts cannot read the session cookie. Default: `true`.',
  branding: 'What the pages of the proxy show of the house that they stand in.',
  programmatic_redirect_domain_whitelist:
    'Where programs may get a code to act as a person: on the machine itself alone. Default: `[localhost]`.',
  idp_provider:
    'Who signs people in: `oidc` is any OpenID Connect provider with discovery, such as Keycloak, Authentik, Authelia, Dex or Zitadel; the others are such providers with defaults of their own.',
  idp_provider_url:
    "The provider's issuer: `https:`, or `http:` on loopback. Required, but for `google`, `gitlab` and `onelogin`.",
  idp_client_id: "Behalf's name at the provider: the audience that people's identity tokens must have.",
  idp_client_secret:
    'What Behalf shows the provider; without it, it is a public client. Better in a file: `idp_client_secret_file`.',
  idp_client_secret_file: 'The file of what Behalf shows the provider; without it, it is a public client.',
  idp_scopes:
    'What a sign-in asks the provider for. Default: `openid`, `profile`, `email` and, where the provider knows it, `offline_access`.',
  idp_request_params:
    "Parameters for the provider's sign-in page, in place of the defaults of its name. Default: for `google` `prompt: select_account consent` and `access_type: offline`, for `azure` `prompt: select_account`.",
  idp_groups_claim:
    'The claim that lists groups, by its name or dotted path: of the identity token, of userinfo, and of tokens that programs bring. Default: `groups`.',
  idp_outage_grace:
    'How long a session lives on after its tokens have ended while the provider does not answer. Default: `10m`.',
  bearer_token_format:
    'Which tokens of the provider sign a user in as `Authorization: Bearer`: none, identity tokens, or access tokens, which must be JWTs. Default: `default`, none.',
  idp_access_token_allowed_audiences:
    'The audiences of which an access token must have one; required with `bearer_token_format: idp_access_token`.',
  clock_skew: 'How far the clocks of the provider and of trusted issuers may be off. Default: `60s`.',
  original_user:
    "An original user's assertion is carried only when it is valid. With `unverified` a service account may claim to act for anybody, upstreams must check, policies never see it, and each load warns. Default: `verified`.",
  original_user_max_age:
    "How long after it was signed an assertion of this proxy may still be carried while its session lives, for work that outlasts it. Default: the assertion's own end.",
  trusted_issuers: 'Other proxies whose assertions service accounts may carry here.',
  decision_log:
    'The file that every decision is recorded in, for `behalf replay`: a line of JSON each, with no value of a query, no header that the policy does not read, no cookie, credential or token. Default: none, decisions are not recorded.',
  decision_log_max_size: 'A decision log that would get longer is put aside, and a new one begun. Default: `64MiB`.',
  decision_log_keep:
    'How many decision logs that were put aside stay: `FILE.1`, the youngest, `FILE.2`, ... Default: `4`.',
  decision_log_headers:
    'Headers that decisions are recorded with, though no policy reads them yet; never `Cookie` and `Authorization`. Default: none.',
  decision_log_claims: 'Claims that decisions are recorded with, though no policy reads them yet. Default: none.',
  pass_identity_headers:
    'The default for routes: whether upstreams get the two assertions and the claim headers. Default: `false`.',
  jwt_claims_headers:
    "Headers that routes with `pass_identity_headers` get, each with a claim of the caller; without the claim there is no header. A list of claims, or text with commas, means `X-Pomerium-Claim-<NAME>` for each. The names are the proxy's alone: nobody else's value gets through, in any spelling. Of a list, values with a comma, a control character or a space at an end are left out, and counted in the log; what is beyond ASCII is percent-encoded.",
  jwt_groups_filter:
    "The only groups that assertions and claim headers name, beside those of a route's own `jwt_groups_filter`. Policies read all groups. Default: all.",
  jwt_groups_of_policy:
    "The default for routes: whether assertions and claim headers name only the groups that the route's policy names, beside those of `jwt_groups_filter`. Default: `false`.",
  jwt_issuer_format:
    'The default for routes: `iss` of assertions is `api.example.com`, or `https://api.example.com/`. Default: `hostOnly`.',
  set_request_headers: "Headers for every upstream, beside those of a route's own `set_request_headers`, which win.",
  remove_request_headers:
    "Headers that no upstream gets, beside those of a route's own `remove_request_headers`; removed last.",
  rewrite_response_headers: 'Rewrites for every route, before those of its own `rewrite_response_headers`.',
  set_response_headers:
    'What every answer of an upstream carries. Any value here replaces all defaults; `disable: true` is none. Default: `X-Frame-Options: SAMEORIGIN`, `X-XSS-Protection: 1; mode=block` and, with a certificate, `Strict-Transport-Security`.',
  xff_num_trusted_hops:
    "How many proxies stand in front of this one that append to `X-Forwarded-For`, and are the only way to it: the client's address is that many entries from the end. Default: `0`, the address of the connection's other end.",
  default_upstream_timeout: '`timeout` of routes that have none. Default: `30s`.',
  operators:
    'People, by email address or user id, whom a refusal of a request of theirs also tells why: the policy of its route, part by part. Default: nobody.',
  data: 'Files of YAML or JSON that policies in Rego read as `data.NAME`, read at the start and at each reload.',
  policy: "Pomerium's older name for `routes`. Where both are written, these come first.",
  routes: 'The routes. The first that matches a request serves it.',
} satisfies Record<keyof typeof GLOBAL_KEYS, string>;

export const ROUTE_DESCRIPTIONS = {
  name: 'What logs and commands call the route; no two routes have one name. Default: host and path of `from`.',
  from: 'The URL that users ask for; of its host, `*` matches any part. An exact host shadows wildcards. Required.',
  to: 'The upstream; several are taken in turn. A path on it is a `prefix_rewrite`. A route has this or `redirect`.',
  redirect: 'What a request is answered that may pass. A route has this or `to`.',
  prefix: 'Matches paths that start with this plain text. Default: `/`.',
  path: 'Matches exactly this path.',
  regex: 'Matches paths that this expression of RE2 describes whole.',
  prefix_rewrite:
    'Replaces the matched prefix, which then has to end where a segment does; with `path` and `regex`, the whole path.',
  preserve_host_header: "Sends the client's `Host` to the upstream instead of the upstream's own. Default: `false`.",
  host_rewrite: "Sends this `Host` to the upstream, whatever the client's.",
  policy: 'Who may pass. Without any rule, here or in the older keys, the route denies everyone.',
  allowed_users: 'Lets these callers pass: ids or email addresses.',
  allowed_domains: 'Lets callers pass whose email address is of one of these domains.',
  allowed_idp_claims: 'Lets callers pass who have any of these values in the claim of that name.',
  allow_any_authenticated_user: 'Lets whoever is signed in pass. Default: `false`.',
  allow_public_unauthenticated_access: 'Lets everyone pass, signed in or not. Default: `false`.',
  cors_allow_preflight: 'Lets CORS preflights pass. Default: `false`.',
  sub_policies:
    "Pomerium's older form of several policies: each may allow more users, domains or claims, or hold Rego.",
  pass_identity_headers:
    'Whether the upstream gets the two assertions and the claim headers. Default: the global value.',
  jwt_groups_filter:
    'The only groups that assertions and claim headers name, beside those of the global `jwt_groups_filter`. Policies read all groups. Default: the global ones.',
  jwt_groups_of_policy:
    'Whether assertions and claim headers name only the groups that the policy names, beside those of `jwt_groups_filter`. Default: the global value.',
  jwt_issuer_format:
    "`iss` of this route's assertions: `api.example.com`, or `https://api.example.com/`. Default: the global value.",
  original_user_max_age:
    'How long after it was signed an assertion that comes with a request to this route may still be carried while its session lives. Default: the global value.',
  set_request_headers: `Headers for the upstream, in place of the client's. A value may refer to what is known of the request, as \`\${pomerium.jwt}\` to the assertion that the upstream gets; where that is missing, the header is not sent. \`$$\` is a dollar sign.`,
  remove_request_headers: 'Headers that the upstream does not get; removed last.',
  set_response_headers: 'Headers for clients, over the global ones. `disable: true` is none at all.',
  rewrite_response_headers:
    'Replaces beginnings of headers that the upstream sends, as of `Location`: of each line by itself, and each rewrite in what those before it made.',
  allow_websockets: 'Lets upgrades to WebSocket pass; others are answered with 403. Default: `false`.',
  allowed_origins:
    "Other origins whose pages may open WebSockets here with a session. Default: none, only the route's own.",
  timeout:
    'For the whole exchange with the upstream; `0` is without end. Default: `default_upstream_timeout`; without end with `allow_websockets`.',
  idle_timeout:
    'How long neither side may send anything; `0` is without end. Default: `5m`; without end with `allow_websockets`.',
  tls_skip_verify:
    'Takes any certificate of the upstream: whoever answers is taken for it, and each load warns. Default: `false`.',
  tls_server_name: "The name that the upstream's certificate must have. Default: the upstream's own.",
  tls_upstream_server_name: 'The same as `tls_server_name`, over which it wins.',
  tls_custom_ca: "Whom to trust for an `https:` upstream, as PEM. Default: the system's authorities.",
  tls_custom_ca_file: "The file of those to trust for an `https:` upstream, as PEM. Default: the system's authorities.",
} satisfies Record<keyof typeof ROUTE_KEYS, string>;

export const REDIRECT_DESCRIPTIONS = {
  https_redirect: 'Redirects to `https:`. Default: `false`.',
  scheme_redirect: "Redirects to this scheme. Default: the request's.",
  host_redirect: "Redirects to this host. Default: the request's.",
  port_redirect: "Redirects to this port. Default: the request's.",
  path_redirect: "Redirects to this path. Default: the request's.",
  prefix_rewrite: "Redirects to the request's path with this in place of the route's prefix.",
  response_code: 'The status of the answer. Default: `301`.',
  strip_query: 'Leaves out the query. Default: `false`.',
} satisfies Record<keyof typeof REDIRECT_KEYS, string>;

export const BRANDING_DESCRIPTIONS = {
  name: 'The name of the house. Default: `Behalf`.',
  logo: 'Its sign, which goes with every page. Default: none.',
  color:
    'The colour of what can be pressed, which pages darken or lighten as far as it takes to be read. Default: one of Behalf.',
} satisfies Record<keyof typeof BRANDING_KEYS, string>;

export const HEADER_REWRITE_DESCRIPTIONS = {
  header: "The header of the upstream's answer. Required.",
  prefix: 'What its value must begin with to be rewritten. Required.',
  value: 'What it begins with then. Required.',
} satisfies Record<keyof typeof HEADER_REWRITE_KEYS, string>;

export const SUB_POLICY_DESCRIPTIONS = {
  id: 'Its name for machines, which means nothing here.',
  name: 'Its name for people, which means nothing here.',
  explanation: 'Why it is there; nobody is shown it.',
  remediation: 'What somebody who is refused may do; nobody is shown it.',
  source_ppl: 'What `rego` was made of; it decides nothing.',
  allowed_users: "Added to the route's `allowed_users`.",
  allowed_domains: "Added to the route's `allowed_domains`.",
  allowed_idp_claims: "Added to the route's `allowed_idp_claims`.",
  rego: 'A policy in Rego beside the others: paths of files, or Rego itself.',
  rego_version: 'The version of Rego that `rego` is written in. Default: `v1`.',
} satisfies Record<keyof typeof SUB_POLICY_KEYS, string>;

export const TRUSTED_ISSUER_DESCRIPTIONS = {
  issuer: '`iss` of its assertions, as it spells it; neither a host of this proxy nor the identity provider. Required.',
  jwks_url: 'Where its public keys are: `https:`, or `http:` on loopback. A trusted issuer has this or `jwks_file`.',
  jwks_file: 'The file of a JWK Set with its public keys. A trusted issuer has this or `jwks_url`.',
  audiences: "An assertion's `aud` must be one of these. Required.",
  domains: 'The email domains that it may speak for. Required.',
  max_lifetime: 'Assertions that live longer are refused. Default: `10m`.',
} satisfies Record<keyof typeof TRUSTED_ISSUER_KEYS, string>;
