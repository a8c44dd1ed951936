import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { readText } from '../../src/config/read-text.ts';
import { makeCertificate } from '../support/make-certificate.ts';
import { problemsOf } from './problems-of.ts';

/** A file in which only `lines`, from line 3 on, can be wrong. */
const global = (...lines: string[]): string => ['insecure_server: true', 'routes: []', ...lines, ''].join('\n');

/** A file with one route in which only `lines`, from line 6 on, can be wrong. */
const route = (...lines: string[]): string =>
  [
    'insecure_server: true',
    'routes:',
    '- from: https://a.example.com',
    '  to: http://127.0.0.1:1',
    '  policy: {allow: {or: [accept: true]}}',
    ...lines.map((line) => `  ${line}`),
    '',
  ].join('\n');

/** A file with one route that has only these lines, the first on line 3, column 3. */
const bare = (first: string, ...lines: string[]): string =>
  ['insecure_server: true', 'routes:', `- ${first}`, ...lines.map((line) => `  ${line}`), ''].join('\n');

/** A file with one route whose policy is `lines`, from line 6 on. */
const policy = (...lines: string[]): string =>
  bare('from: https://a.example.com', 'to: http://127.0.0.1:1', 'policy:', ...lines.map((line) => `  ${line}`));

const TLS = '"certificate" and "certificate_key", or "insecure_server: true" on loopback or behind a TLS terminator';
const NO_REQUEST = (line: number): string =>
  `no request comes here: the route on line ${line} takes all of them, and the first that matches serves`;
const SECRET = 'c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I=';

const { certificate: CERTIFICATE, key: KEY } = await makeCertificate('a.example.com');
const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** A file in which only `lines`, from line 2 on, can be wrong. */
const tls = (...lines: string[]): string => ['routes: []', ...lines, ''].join('\n');

/** A file with a provider in which only `lines`, from line 6 on, can be wrong. */
const provider = (...lines: string[]): string =>
  global('idp_provider: oidc', 'idp_provider_url: https://id.example.com', 'idp_client_id: x', ...lines);

/** The same where browsers sign in, with `lines` from line 7 on. */
const signIn = (...lines: string[]): string => provider('authenticate_service_url: https://auth.example.com', ...lines);
const A_ROUTE = '{from: https://a.example.com, to: http://x, allow_any_authenticated_user: true}';
const EVERY_HOST =
  'every host of this domain gets session cookies, and can set them: without this key one sign-in serves all routes too';

/** A line with a trusted issuer, of which only `name` can be wrong. */
const issuer = (name: string): string =>
  `trusted_issuers: [{issuer: ${name}, jwks_file: jwks.json, audiences: [b], domains: [b.net]}]\n`;

const OWN = "which is the proxy's own";

const TAKEN_OFF = 'which the proxy takes off every request';

const KNOWN = `it takes ${[
  'jwt',
  'id_token',
  'access_token',
  'client_cert_fingerprint',
  'client_cert_san_dns',
  'client_cert_san_email',
  'request.headers["NAME"]',
]
  .map((name) => `\${pomerium.${name}}`)
  .join(', ')}`;

const UNCLOSED =
  'a value of "set_request_headers" has a reference without a closing brace; for a dollar sign write "$$"';

type Cases = Readonly<Record<string, readonly [text: string, ...problems: string[]]>>;

const YAML: Cases = {
  'an empty file': ['', '1:1: the file is empty'],
  'only a comment': ['# nothing\n', '1:1: the file is empty'],
  'a document of nothing': ['---\n', '1:4: a configuration must be a map; found nothing'],
  'a list': ['- a\n', '1:1: a configuration must be a map; found a list'],
  'two documents': [`${global()}---\na: 1\n`, '3:1: a second document starts here; there may be only one in a file'],
  'a quote without an end': ['address: "x\n', '1:10: this quote has no closing one where its value ends'],
  'an unknown escape': [
    'address: "\\q"\n',
    '1:11: an escape sequence that YAML does not know; in single quotes a backslash is only a backslash',
  ],
  'an unknown tag': [
    global('address: !env ADDRESS'),
    '3:10: a tag that Behalf does not know; only the tags of the YAML 1.2 core schema work',
  ],
  'a tag of YAML 1.1': [
    global('address: !!binary aGk='),
    '3:10: a tag that Behalf does not know; only the tags of the YAML 1.2 core schema work',
  ],
  'an alias without an anchor': [
    global('address: *x'),
    '3:10: an alias whose anchor is not set before it; text that starts with "*" needs quotes',
  ],
  'an alias within its own anchor': [
    global('address: &x [*x]'),
    '3:14: nested deeper than 100 levels, or an alias within its own anchor',
  ],
  'aliases of aliases ("billion laughs")': [
    Array.from(
      { length: 12 },
      (_, i) =>
        `a${i}: &a${i} [${Array(9)
          .fill(i === 0 ? '1' : `*a${i - 1}`)
          .join(', ')}]`,
    ).join('\n'),
    '6:35: more than 500000 values, aliases counted where they stand',
  ],
  'nested deeply': [
    `address: ${'['.repeat(101)}${']'.repeat(101)}\n`,
    '1:110: nested deeper than 100 levels, or an alias within its own anchor',
  ],
  'a merge of no map': [global('<<: 1'), '3:5: "<<" must be a map or a list of maps'],
  'a key that is a number': [global('1: x'), '3:1: a key must be text; put it in quotes'],
  'a key that is a list': [global('[a]: x'), '3:1: a key must be text; put it in quotes'],
  'a key that is nothing': [global('~: x'), '3:1: a key must be text; put it in quotes'],
  'a key twice': [global('address: :1', 'address: :2'), '4:1: this key is already there, on line 3'],
  'a key twice, deep down': [
    policy('- allow:', '    or: [{accept: 1, accept: 2}]'),
    '7:26: this key is already there, on line 7',
  ],
  'a number without a value': [
    global('state_dir: .inf'),
    '3:12: a number that cannot be kept exactly; put it in quotes',
    '3:12: "state_dir" must be a string that is not empty; found the number Infinity',
  ],
  'a number with too many digits': [
    policy('- allow:', '    or: [claim/id: 12345678901234567890]'),
    '7:24: a number that cannot be kept exactly; put it in quotes',
  ],
  'CRLF, and what follows it': [
    'insecure_server: true\r\nroutes: []\r\nadress: x\r\n',
    '3:1: unknown key "adress": did you mean "address"?',
  ],
  'a byte order mark, and what follows it': [
    `\uFEFF${global().replace('insecure', 'insecured')}`,
    '1:1: unknown key "insecured_server": did you mean "insecure_server"?',
    `1:1: missing keys ${TLS}`,
  ],
};

const KEYS: Cases = {
  'a misspelt key': [global('adress: :80'), '3:1: unknown key "adress": did you mean "address"?'],
  'a key in capitals': [global('Address: :80'), '3:1: unknown key "Address": did you mean "address"?'],
  'a key like no other': [global('x-common: 1'), '3:1: unknown key "x-common"'],
  'a name that every object has': [
    global('constructor: 1', '__proto__: 1'),
    '3:1: unknown key "constructor"',
    '4:1: unknown key',
  ],
  'paths that never match': [
    route('prefix: /a%20b', 'path: /a//b', 'prefix_rewrite: /x?y'),
    '6:11: "prefix" never matches: paths are compared decoded, so write what it stands for',
    '7:3: "path" excludes "prefix": write one of them',
    '7:9: "path" never matches: paths are compared normalised, so write "/a/b"',
    '8:19: "prefix_rewrite" must be a path in canonical encoding, without a query',
  ],
  'a path that may hold a token': [
    route(`prefix: //${'a'.repeat(40)}`, `prefix_rewrite: //${'a'.repeat(40)}`),
    '6:11: "prefix" never matches: paths are compared normalised',
    '7:19: "prefix_rewrite" must be a path in canonical encoding, without a query',
  ],
  'paths that no request has': [
    route('prefix: /a/../b', 'prefix_rewrite: /caf\u00e9'),
    '6:11: "prefix" never matches: paths are compared normalised, so write "/b"',
    '7:19: "prefix_rewrite" must be a path in canonical encoding, without a query',
  ],
  'a path of an upstream that no request can have': [
    bare('from: https://a.example.com', 'to: http://127.0.0.1:1/a%2fb', 'allow_any_authenticated_user: true'),
    '4:7: "to" must have a path in canonical encoding',
  ],
  'a misspelt key of a route': [route('prefx: /'), '6:3: unknown key "prefx": did you mean "prefix"?'],
  "a global key of Pomerium's": [
    global('autocert: true'),
    '3:1: "autocert" is a key of Pomerium\'s that Behalf does not have yet',
  ],
  "a route's key of Pomerium's": [
    route('allow_spdy: true'),
    '6:3: "allow_spdy" is a key of Pomerium\'s that Behalf does not have yet',
  ],
  "a route's key of Pomerium's at the top": [
    global('allow_spdy: true'),
    '3:1: "allow_spdy" is a key of Pomerium\'s that Behalf does not have yet',
  ],
  'a key that Pomerium also has in routes': [
    route('idp_client_id: x'),
    '6:3: "idp_client_id" is a key of Pomerium\'s that Behalf does not have yet in a route; it is known at the top level',
  ],
  "a policy where Pomerium's older list of routes belongs": [
    global('policy: {allow: {or: [accept: true]}}'),
    '3:9: "policy" must be a list, each value a route; found a map',
  ],
  'cookies that are not Secure': [
    global('cookie_secure: false'),
    '3:1: "cookie_secure" is no longer a key of Pomerium\'s: leave it out, cookies are always Secure',
  ],
  "a key that was Pomerium's": [
    route('allowed_groups: [admins]'),
    '6:3: "allowed_groups" is no longer a key of Pomerium\'s: write "policy: {allow: {or: [groups: {has: NAME}]}}"',
  ],
  'a misspelt key that would have allowed': [
    bare('from: https://a', 'to: http://x', 'alowed_users: [a]'),
    '5:3: unknown key "alowed_users": did you mean "allowed_users"?',
  ],
  'a misspelt key of a redirect': [
    bare('from: https://a', 'redirect: {http_redirect: true}', 'allowed_users: [a]'),
    '4:14: unknown key "http_redirect": did you mean "https_redirect"?',
  ],
  'a key of a redirect in a route': [
    route('strip_query: true'),
    '6:3: "strip_query" is misplaced: it belongs in a redirect',
  ],
  "a key of a route's in a redirect": [
    bare('from: https://a', 'redirect: {timeout: 5s}', 'allowed_users: [a]'),
    '4:14: "timeout" is misplaced: it belongs in a route',
  ],
  "a route's key at the top": [global('prefix: /a'), '3:1: "prefix" is misplaced: it belongs in a route'],
  'a global key in a route': [route('address: :80'), '6:3: "address" is misplaced: it belongs at the top level'],
  'insecure_server and routes missing': ['address: :80\n', `1:1: missing keys ${TLS}`, '1:1: missing key "routes"'],
  'insecure_server: false': ['insecure_server: false\nroutes: []\n', `1:18: "insecure_server: false" needs ${TLS}`],
  'a route that is no map': ['insecure_server: true\nroutes: [x]\n', '2:10: a route must be a map; found a string'],
  'a route without from and to': [
    bare('allow_any_authenticated_user: true'),
    '3:3: missing key "from"',
    '3:3: missing key "to" or "redirect"',
  ],
  'a secret beside its file': [
    global(
      `shared_secret: ${SECRET}`,
      'shared_secret_file: secret',
      'idp_client_secret_file: secret',
      'idp_client_secret: x',
      'idp_provider: oidc',
      'idp_provider_url: https://id.example.com',
      'idp_client_id: x',
      'bearer_token_format: idp_identity_token',
    ),
    '4:1: "shared_secret_file" excludes "shared_secret": write one of them',
    '6:1: "idp_client_secret" excludes "idp_client_secret_file": write one of them',
  ],
  'a provider without its parts': [
    global('idp_provider: oidc'),
    '3:1: missing key "idp_provider_url", which "idp_provider" needs',
    '3:1: missing key "idp_client_id", which "idp_provider" needs',
  ],
  'parts without a provider': [
    global('idp_provider_url: https://id.example.com', 'idp_client_id: x', 'bearer_token_format: idp_identity_token'),
    '3:1: "idp_provider_url" needs "idp_provider"',
    '4:1: "idp_client_id" needs "idp_provider"',
    '5:22: "bearer_token_format: idp_identity_token" needs "idp_provider"',
  ],
  'a secret whose file has nothing in it': [
    signIn('idp_client_secret_file: empty'),
    '7:25: the file of "idp_client_secret_file" is empty',
  ],
  "an issuer's document in place of the issuer": [
    global(
      'idp_provider: oidc',
      'idp_provider_url: https://a/.well-known/openid-configuration',
      'idp_client_id: x',
      'bearer_token_format: idp_identity_token',
    ),
    '4:19: "idp_provider_url" is the issuer: write it without "/.well-known/openid-configuration"',
  ],
  'two path matchers': [
    route('prefix: /a', 'path: /b', 'regex: /c'),
    '7:3: "path" excludes "prefix": write one of them',
    '8:3: "regex" excludes "prefix": write one of them',
  ],
  'public beside lists': [
    route(
      'allowed_users: [a]',
      'allow_public_unauthenticated_access: true',
      'allow_any_authenticated_user: true',
      'allowed_domains: []',
    ),
    '6:3: "allowed_users" restricts nothing beside "allow_public_unauthenticated_access: true"; keep one of them',
    '6:3: "allowed_users" restricts nothing beside "allow_any_authenticated_user: true"; keep one of them',
    '8:3: "allow_any_authenticated_user" restricts nothing beside "allow_public_unauthenticated_access: true"; keep one of them',
    '9:3: "allowed_domains" restricts nothing beside "allow_public_unauthenticated_access: true"; keep one of them',
    '9:3: "allowed_domains" restricts nothing beside "allow_any_authenticated_user: true"; keep one of them',
  ],
  'two routes of one name': [
    bare('{name: A, from: https://a, to: https://x, allow_any_authenticated_user: true}').concat(
      '- {name: A, from: https://b, to: https://x, allow_any_authenticated_user: true}\n',
    ),
    '4:10: "name" must be the route\'s own; the route on line 3 has it already',
  ],
  'a name like an id': [route('name: r7'), '6:9: "name" must not look like "r0": such are the ids of routes'],
  'a "not" beside an "and", which lets pass by itself': [
    bare(
      '{from: https://a, to: x, policy: {allow: {and: [domain: x.com], not: [groups: g]}, deny: {or: [accept: true], not: [groups: g]}}}',
    ),
    '3:25: "to" must be a URL such as http://127.0.0.1:8080; found a string',
    '3:67: warning: "not" is an alternative to "and": either lets pass, as all blocks of an action are ORed. What must hold besides belongs into "and", as in "groups: {exclude: NAME}", or into "deny"',
  ],
  'warnings beside an error': [
    bare('{from: https://a, to: https://x}').concat(
      '- {from: https://a, to: x, path: /}\n',
      '- {from: https://a, to: https://x, path: /}\n',
    ),
    '3:3: warning: this route allows nothing: every request to it is answered with 403',
    '4:25: "to" must be a URL such as http://127.0.0.1:8080; found a string',
    '5:3: warning: this route allows nothing: every request to it is answered with 403',
    `5:3: warning: ${NO_REQUEST(3)}`,
  ],
  'the same fault behind two aliases, said once': [
    global().replace(
      '[]',
      '[&r {from: https://a, to: https://x, timeout: x, allow_any_authenticated_user: true}, {<<: *r, from: https://b}]',
    ),
    '2:55: "timeout" must be a duration such as 30s or 1m30s, or 0 for none; found the string "x"',
  ],
};

const VALUES: Cases = {
  'text for a boolean': [
    global('pass_identity_headers: no'),
    '3:24: "pass_identity_headers" must be true or false; found the string "no", which YAML 1.2 takes as text',
  ],
  'text for a boolean under %YAML 1.1': [
    '%YAML 1.1\n---\ninsecure_server: yes\nroutes: []\n',
    '3:18: "insecure_server" must be true or false; found the string "yes", which YAML 1.2 takes as text',
  ],
  'a number for a boolean': [
    global('pass_identity_headers: 1'),
    '3:24: "pass_identity_headers" must be true or false; found the number 1',
  ],
  'a number for text': [
    global('state_dir: 5'),
    '3:12: "state_dir" must be a string that is not empty; found the number 5',
  ],
  'nothing for text': [global('state_dir:'), '3:11: "state_dir" must be a string that is not empty; found nothing'],
  'empty text': [global("state_dir: ''"), '3:12: "state_dir" must be a string that is not empty; found the string ""'],
  'a map for a list': [global().replace('[]', '{}'), '2:9: "routes" must be a list, each value a route; found a map'],
  'an address without a port': [
    global('address: localhost'),
    '3:10: "address" must be host:port or :port; found the string "localhost"',
  ],
  'an address that is a number': [
    global('address: 8080'),
    '3:10: "address" must be host:port or :port; found the number 8080',
  ],
  'a port that is none': [
    global('address: :65536'),
    '3:10: "address" must be host:port or :port, and the port must be from 1 to 65535',
  ],
  'a port with too many digits': [
    global('address: "[::1]:108080"'),
    '3:10: "address" must be host:port or :port, and the port must be from 1 to 65535',
  ],
  'an IPv6 address without brackets': [
    global('address: ::1:8080'),
    '3:10: "address" must be host:port or :port; found the string "::1:8080"',
  ],
  'a short secret': [
    global('shared_secret: c2hvcnQ='),
    '3:16: "shared_secret" must be 32 bytes in standard base64, as openssl rand -base64 32 makes them; found a string',
  ],
  'a secret in base64url': [
    global(`shared_secret: ${SECRET.replace('V', '_')}`),
    '3:16: "shared_secret" must be 32 bytes in standard base64, as openssl rand -base64 32 makes them; found a string',
  ],
  'a secret with a space': [
    global(`shared_secret: "${SECRET} "`),
    '3:16: "shared_secret" must be 32 bytes in standard base64, as openssl rand -base64 32 makes them; found a string',
  ],
  'a secret that is a number': [
    global('shared_secret: 5'),
    '3:16: "shared_secret" must be 32 bytes in standard base64, as openssl rand -base64 32 makes them; found a number',
  ],
  'a secret where its file belongs': [
    global(`shared_secret_file: ${SECRET}`),
    '3:21: "shared_secret_file" cannot be read: no such file',
  ],
  'no file': [global('signing_key_file:'), '3:18: "signing_key_file" must be the path of a file; found nothing'],
  'a file with a wrong secret': [
    global('shared_secret_file: wrong'),
    '3:21: the file of "shared_secret_file" must be 32 bytes in standard base64, as openssl rand -base64 32 makes them; found a string',
  ],
  'no key': [
    global('signing_key: x'),
    '3:14: "signing_key" must be private keys as PEM, or as base64 of PEM; found a string',
  ],
  'a provider that has no identity tokens': [
    global('idp_provider: GitHub', 'idp_client_id: x', 'idp_client_secret: y'),
    '3:15: "idp_provider" does not take "github": it signs in by OAuth, without identity tokens; put a provider of OpenID Connect before it, such as Keycloak or Dex, and write "oidc"',
  ],
  'a provider that posts forms': [
    global('idp_provider: apple', 'idp_client_id: x'),
    '3:15: "idp_provider" does not take "apple": it answers by a form posted from its own site; put a provider of OpenID Connect before it, such as Keycloak or Dex, and write "oidc"',
  ],
  "Pomerium's own provider": [
    global('idp_provider: hosted', 'idp_client_id: x'),
    '3:15: "idp_provider" does not take "hosted": it is a service of Pomerium\'s; write the name of a provider of your own',
  ],
  'a provider of many, without its place': [
    global('idp_provider: okta', 'idp_client_id: x'),
    '3:1: missing key "idp_provider_url", which "idp_provider" needs',
  ],
  'no provider': [
    global('idp_provider: keycloak', 'idp_provider_url: https://a', 'idp_client_id: x'),
    '3:15: "idp_provider" must be "oidc" or "auth0" or "azure" or "cognito" or "gitlab" or "google" or "okta" or "onelogin" or "ping" ("oidc" is any provider with discovery); found the string "keycloak"',
  ],
  'a provider at http': [
    global('idp_provider: oidc', 'idp_provider_url: http://id.example.com', 'idp_client_id: x'),
    '4:19: "idp_provider_url" must be https, or http on loopback',
  ],
  'a provider with a query': [
    global('idp_provider: oidc', 'idp_provider_url: https://id.example.com?x=1', 'idp_client_id: x'),
    '4:19: "idp_provider_url" must have no query and no fragment',
  ],
  "another token format of Pomerium's": [
    global('bearer_token_format: jwt'),
    '3:22: "bearer_token_format" does not take "jwt": JWTs of other issuers sign nobody in yet',
  ],
  'no token format': [
    global('bearer_token_format: x'),
    '3:22: "bearer_token_format" must be "default" or "idp_identity_token" or "idp_access_token"; found the string "x"',
  ],
  'less than no proxy in front': [
    global('xff_num_trusted_hops: -1'),
    '3:23: "xff_num_trusted_hops" must be a number from 0 to 100; found the number -1',
  ],
  'no way with original users': [
    global('original_user: true'),
    '3:16: "original_user" must be "verified" or "unverified"; found the boolean true',
  ],
  'access tokens for anybody': [
    provider('bearer_token_format: idp_access_token'),
    '1:1: missing key "idp_access_token_allowed_audiences", which "bearer_token_format: idp_access_token" needs',
  ],
  'access tokens for nobody': [
    provider('bearer_token_format: idp_access_token', 'idp_access_token_allowed_audiences: []'),
    '7:37: "idp_access_token_allowed_audiences" must not be empty',
  ],
  'a skew that is none': [
    global('clock_skew: 6m'),
    '3:13: "clock_skew" must be a duration from 0s to 5m; found the string "6m"',
  ],
  'an age of nothing': [
    route('original_user_max_age: 0'),
    '6:26: "original_user_max_age" must be a duration from 1s to 8760h; found the string "0"',
  ],
  'an issuer format': [
    route('jwt_issuer_format: host'),
    '6:22: "jwt_issuer_format" must be "hostOnly" or "uri"; found the string "host"',
  ],
  'a service at http': [
    global('authenticate_service_url: http://authenticate.example.com'),
    '3:27: "authenticate_service_url" must be https, or http on loopback',
  ],
  'a service with a path': [
    global('authenticate_service_url: https://a.example.com/login'),
    '3:27: "authenticate_service_url" must have no path',
  ],
  'a host with a scheme': [
    route('host_rewrite: https://a'),
    '6:17: "host_rewrite" must be a host, perhaps with a port; found a string',
  ],
  'a host with an empty label': [
    route('host_rewrite: a..b'),
    '6:17: "host_rewrite" must be a host, perhaps with a port; found the string "a..b"',
  ],
  'an IPv6 address that is none': [
    route('host_rewrite: "[::g]:80"'),
    '6:17: "host_rewrite" must be a host, perhaps with a port; found the string "[::g]:80"',
  ],
  'a port that no host has': [
    route('host_rewrite: a:65536'),
    '6:17: "host_rewrite" must be a host, perhaps with a port; found the string "a:65536"',
  ],
  'a server name with a port': [
    route('tls_server_name: a:443'),
    '6:20: "tls_server_name" must be a host name; found the string "a:443"',
  ],
  'server names that are addresses': [
    route('tls_server_name: 10.0.0.3', 'tls_upstream_server_name: "[::1]"'),
    '6:20: "tls_server_name" must be a host name, not an address',
    '7:29: "tls_upstream_server_name" must be a host name, not an address',
  ],
  'server names that are addresses in other spellings': [
    route('tls_server_name: ::1', 'tls_upstream_server_name: "127.1"'),
    '6:20: "tls_server_name" must be a host name, not an address',
    '7:29: "tls_upstream_server_name" must be a host name, not an address',
  ],
  'no authority': [
    route('tls_custom_ca: "!"'),
    '6:18: "tls_custom_ca" must be certificates as PEM, or as base64 of PEM; found a string',
  ],
  'an authority and its file': [
    route(`tls_custom_ca: ${base64(CERTIFICATE)}`, 'tls_custom_ca_file: certificate'),
    '7:3: "tls_custom_ca_file" excludes "tls_custom_ca": write one of them',
  ],
  'an authority that is a key': [
    route('tls_custom_ca_file: key'),
    '6:23: the file of "tls_custom_ca_file" must hold certificates and nothing else',
  ],
  'from without a scheme': [
    bare('from: a.example.com', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must be a URL such as https://app.example.com; found a string',
  ],
  'from for TCP': [
    bare('from: tcp+https://a:22', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must start with https:// or http://; Behalf has no other scheme yet',
  ],
  'from with a path': [
    bare('from: https://a/b', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must have no path; "prefix", "path" and "regex" are for paths',
  ],
  'from with credentials': [
    bare('from: https://me:secret@a', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must not hold credentials',
  ],
  'from with a fragment': [
    bare('from: https://a#b', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must have no query and no fragment',
  ],
  'from without a host': [
    bare('from: https://', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must be a URL such as https://app.example.com; found a string',
  ],
  'from with a backslash': [
    bare('from: https://a\\b', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must be a URL such as https://app.example.com; found a string',
  ],
  'from with an empty label': [
    bare('from: https://a..b', 'to: http://x', 'allowed_users: [a]'),
    '3:9: "from" must be a URL such as https://app.example.com; found a string',
  ],
  'to with credentials': [
    bare('from: https://a', 'to: http://me:secret@x', 'allowed_users: [a]'),
    '4:7: "to" must not hold credentials',
  ],
  'to of other schemes, with weights, of two paths': [
    bare(
      'from: https://a',
      'to: [h2c://x, "unix:///x", "http://x,3", http://x/a, http://y/b, 5]',
      'allowed_users: [a]',
    ),
    '4:8: "to" must start with https:// or http://; Behalf has no other scheme yet',
    '4:17: "to" must start with https:// or http://; Behalf has no other scheme yet',
    '4:30: "to" must be without a weight: Behalf has no weights yet',
    '4:56: "to" must have one path in all URLs',
    '4:68: "to" must be a URL such as http://127.0.0.1:8080; found a number',
  ],
  'to of nothing': [bare('from: https://a', 'to: []', 'allowed_users: [a]'), '4:7: "to" must have at least one URL'],
  'a path without its slash': [
    route('prefix: a', 'prefix_rewrite: b'),
    '6:11: "prefix" must be a path that starts with "/"; found the string "a"',
    '7:19: "prefix_rewrite" must be a path that starts with "/"; found the string "b"',
  ],
  'a regular expression with a look-ahead': [
    route('regex: /a(?=b)'),
    '6:10: "regex" must be a regular expression of RE2; invalid or unsupported Perl syntax: "(?="',
  ],
  'a regular expression nested deeply': [
    route(`regex: ${'('.repeat(2000)}${')'.repeat(2000)}`),
    '6:10: "regex" must be a regular expression of RE2; expression nests too deeply',
  ],
  'a number of seconds': [
    route('timeout: 30'),
    '6:12: "timeout" must be a duration such as 30s or 1m30s, or 0 for none; found the number 30',
  ],
  'a negative duration': [
    route('timeout: -1s'),
    '6:12: "timeout" must be a duration such as 30s or 1m30s, or 0 for none; found the string "-1s"',
  ],
  'a duration beyond the timers': [route('timeout: 597h'), '6:12: "timeout" must be at most 596h; 0 is without end'],
  'a user that is a number': [
    route('allowed_users: [a, 5]'),
    '6:22: "allowed_users" must be a string that is not empty; found the number 5',
  ],
  'domains that are no list': [
    route('allowed_domains: a'),
    '6:20: "allowed_domains" must be a list, each value a string that is not empty; found the string "a"',
  ],
  'claims that are no map': [
    route('allowed_idp_claims: [a]'),
    '6:23: "allowed_idp_claims" must be a map from claims to lists of values; found a list',
  ],
};

const CERTIFICATES: Cases = {
  'a certificate in clear text': [
    global('certificate_file: certificate', 'certificate_key_file: key'),
    '1:1: "insecure_server: true" excludes "certificate" and "certificate_key"',
  ],
  'a certificate without its key': [tls('certificate_file: certificate'), '2:1: "certificate" needs "certificate_key"'],
  'a key without its certificate': [tls('certificate_key_file: key'), '2:1: "certificate_key" needs "certificate"'],
  'a certificate with the key of another': [
    tls('certificate_file: certificate', 'certificate_key_file: other-key'),
    '3:23: "certificate_key" is not the key of the first certificate in "certificate"',
  ],
  'certificate and key in one place': [
    tls('certificate_file: both', 'certificate_key_file: both'),
    '2:19: the file of "certificate_file" must hold certificates and nothing else',
    '3:23: the file of "certificate_key_file" must hold one key and nothing else',
  ],
  'a certificate that is broken': [
    tls(`certificate: ${base64(CERTIFICATE.replaceAll('M', 'N'))}`, 'certificate_key_file: key'),
    '2:14: "certificate" must be certificates as PEM, or as base64 of PEM; found a string',
  ],
  'a key that is text': [
    tls('certificate_file: certificate', 'certificate_key: hush'),
    '3:18: "certificate_key" must be a private key as PEM, or as base64 of PEM; found a string',
  ],
};

const HEADERS: Cases = {
  'headers that are no map': [
    route('set_request_headers: [X-A]'),
    '6:24: "set_request_headers" must be a map from names of headers to values; found a list',
  ],
  'a name that is none': [
    route('set_request_headers: {"X A": b}'),
    '6:25: "set_request_headers" takes names of headers, such as X-Team (tokens of RFC 9110)',
  ],
  'a name to remove that is none': [
    route('remove_request_headers: ["", X-A, 5]'),
    '6:28: "remove_request_headers" takes names of headers, such as X-Team (tokens of RFC 9110)',
    '6:37: "remove_request_headers" must be the name of a header; found the number 5',
  ],
  'an assertion, in any spelling': [
    route('set_request_headers: {X_Pomerium.JWT-Assertion: a, x-pomerium-jwt-assertion-for: b}'),
    `6:25: "set_request_headers" must not name "X_Pomerium.JWT-Assertion", ${OWN}; "pass_identity_headers" says whether upstreams get it`,
    `6:54: "set_request_headers" must not name "x-pomerium-jwt-assertion-for", ${OWN}; "pass_identity_headers" says whether upstreams get it`,
  ],
  'an assertion to remove': [
    route('remove_request_headers: [X-Pomerium-Jwt-Assertion]'),
    `6:28: "remove_request_headers" must not name "X-Pomerium-Jwt-Assertion", ${OWN}; "pass_identity_headers" says whether upstreams get it`,
  ],
  'a credential of ours, and a claim': [
    route('set_response_headers: {X-Pomerium-Authorization: a, x_pomerium_claim_email: b}'),
    `6:26: "set_response_headers" must not name "X-Pomerium-Authorization", ${OWN}`,
    `6:55: "set_response_headers" must not name "x_pomerium_claim_email", ${OWN}`,
  ],
  'names of the connection and of its framing': [
    route('remove_request_headers: [Connection, Transfer_Encoding, Content-Length, Forwarded, Host]'),
    `6:28: "remove_request_headers" must not name "Connection", ${OWN}`,
    `6:40: "remove_request_headers" must not name "Transfer_Encoding", ${OWN}`,
    `6:59: "remove_request_headers" must not name "Content-Length", ${OWN}`,
    `6:75: "remove_request_headers" must not name "Forwarded", ${OWN}`,
    `6:86: "remove_request_headers" must not name "Host", ${OWN}; "host_rewrite" sets it`,
  ],
  'a claim header, in any spelling': [
    route(
      'set_request_headers: {x_email: a}',
      'remove_request_headers: [X-Email]',
      'set_response_headers: {X-EMAIL: b}',
    ).concat('jwt_claims_headers: {X-Email: email}\n'),
    '6:25: "x_email" is one of "jwt_claims_headers", which only the proxy may set',
    '7:28: "x-email" is one of "jwt_claims_headers", which only the proxy may set',
    '8:26: "x-email" is one of "jwt_claims_headers", which only the proxy may set',
  ],
  'a claim header for all answers': [
    global('jwt_claims_headers: [email]', 'set_response_headers: {X-Pomerium_Claim-Email: a}'),
    `4:24: "set_response_headers" must not name "X-Pomerium_Claim-Email", ${OWN}`,
  ],
  'one name in two spellings': [
    route('set_request_headers: {X-Team: a, X_Team: b}'),
    '6:36: "set_request_headers" names "x-team" already, and upstreams may take one for the other',
  ],
  'a value that ends its line': [
    route('set_request_headers: {X-A: "b\\r\\nX-C: d"}', 'set_response_headers: {X-A: "\\0"}'),
    '6:30: a value of "set_request_headers" cannot be sent: no control characters, and nothing beyond U+00FF',
    '7:31: a value of "set_response_headers" cannot be sent: no control characters, and nothing beyond U+00FF',
  ],
  'a value beyond the bytes of a header': [
    route('set_request_headers: {X-A: \u20ac}'),
    '6:30: a value of "set_request_headers" cannot be sent: no control characters, and nothing beyond U+00FF',
  ],
  'values that YAML takes for something else': [
    route('set_response_headers: {X-A: true, X-B: 1.10, X-C: [a], X-D: }'),
    '6:31: a value of "set_response_headers" must be text, in quotes where YAML takes it for something else; found a boolean',
    '6:42: a value of "set_response_headers" must be text, in quotes where YAML takes it for something else; found a number',
    '6:53: a value of "set_response_headers" must be text, in quotes where YAML takes it for something else; found a list',
    '6:63: a value of "set_response_headers" must be text, in quotes where YAML takes it for something else; found nothing',
  ],
  'a reference to what is no header': [
    route('set_request_headers:', `  X-A: '\${pomerium.request.headers["X A"]}'`, '  X-B: $pomerium.request.headers'),
    `7:10: a value of "set_request_headers" refers to a header by "X A", which is no name of one`,
    `8:10: a value of "set_request_headers" has the unknown reference "\${pomerium.request.headers}"; ${KNOWN}`,
  ],
  'a reference to a credential': [
    route(
      'set_request_headers:',
      '  X-A: $pomerium.request.headers.Cookie',
      '  X-B: a $pomerium.request.headers.AUTHORIZATION',
    ),
    `7:10: a value of "set_request_headers" must not refer to the header "Cookie": it may hold a credential of the proxy's`,
    `8:10: a value of "set_request_headers" must not refer to the header "AUTHORIZATION": it may hold a credential of the proxy's`,
  ],
  'a reference to what no upstream gets of a client': [
    route(
      'set_request_headers:',
      '  X-A: $pomerium.request.headers.X_Pomerium-Jwt-Assertion',
      '  X-B: $pomerium.request.headers.X-Pomerium-Claim-Email',
      '  X-C: $pomerium.request.headers.X_Forwarded_For',
      '  X-D: $pomerium.request.headers.Host',
    ),
    `7:10: a value of "set_request_headers" must not refer to the header "X_Pomerium-Jwt-Assertion", ${TAKEN_OFF}`,
    `8:10: a value of "set_request_headers" must not refer to the header "X-Pomerium-Claim-Email", ${TAKEN_OFF}`,
    `9:10: a value of "set_request_headers" must not refer to the header "X_Forwarded_For", ${TAKEN_OFF}`,
    `10:10: a value of "set_request_headers" must not refer to the header "Host", ${TAKEN_OFF}`,
  ],
  'a reference to a claim header': [
    route('set_request_headers:', '  X-A: $pomerium.request.headers.x_email').concat(
      'jwt_claims_headers: {X-Email: email}\n',
    ),
    '7:5: "x_email" is one of "jwt_claims_headers", which only the proxy may set',
  ],
  'a rewrite that is none': [
    route('rewrite_response_headers: {header: a}'),
    '6:29: "rewrite_response_headers" must be a list, each value a rewrite of a header; found a map',
  ],
  'rewrites that lack something': [
    route('rewrite_response_headers:', '  - {header: Location, value: /}', '  - {prefix: /, valu: /}', '  - Location'),
    '7:7: missing key "prefix"',
    '8:7: missing key "header"',
    '8:7: missing key "value"',
    '8:19: unknown key "valu": did you mean "value"?',
    '9:7: a rewrite of a header must be a map; found a string',
  ],
  'rewrites of what is not theirs': [
    route(
      'rewrite_response_headers:',
      '  - {header: Content_Length, prefix: "1", value: "2"}',
      '  - {header: X-Pomerium-Jwt-Assertion, prefix: a, value: b}',
      '  - {header: X_Email, prefix: a, value: b}',
      '  - {header: Location, prefix: "", value: "\\n"}',
    ).concat('jwt_claims_headers: {X-Email: email}\n'),
    `7:16: "header" must not name "Content_Length", ${OWN}`,
    `8:16: "header" must not name "X-Pomerium-Jwt-Assertion", ${OWN}; "pass_identity_headers" says whether upstreams get it`,
    '9:16: "x_email" is one of "jwt_claims_headers", which only the proxy may set',
    '10:34: "prefix" must be text that is not empty; found a string',
    '10:45: "value" cannot be sent: no control characters, and nothing beyond U+00FF',
  ],
  'filters that let nobody or nothing through': [
    route('jwt_groups_filter: []', 'jwt_groups_of_policy: policy').concat('jwt_groups_filter: ["", 5]\n'),
    '6:22: "jwt_groups_filter" must not be empty',
    '7:25: "jwt_groups_of_policy" must be true or false; found the string "policy"',
    '8:21: "jwt_groups_filter" must be a string that is not empty; found the string ""',
    '8:25: "jwt_groups_filter" must be a string that is not empty; found the number 5',
  ],
  'a reference that nobody knows': [
    route(`set_request_headers: {X-A: "\${pomerium.jwtt}", X-B: pa$word, X-C: "\${pomerium.jwt.sub}"}`),
    `6:30: a value of "set_request_headers" has the unknown reference "\${pomerium.jwtt}"; ${KNOWN}`,
    '6:55: a value of "set_request_headers" has a reference that Behalf does not know; for a dollar sign write "$$"',
    `6:69: a value of "set_request_headers" has the unknown reference "\${pomerium.jwt.sub}"; ${KNOWN}`,
  ],
  'a reference that does not end': [
    route(`set_request_headers: {X-A: "Bearer \${pomerium.jwt", X-B: "$$\${", X-C: "\${pomerium.jwt}\${a"}`),
    `6:30: ${UNCLOSED}`,
    `6:60: ${UNCLOSED}`,
    `6:73: ${UNCLOSED}`,
  ],
  'a reference that is malformed': [
    route(`set_request_headers: {X-A: "\${pomerium jwt}", X-B: "\${}"}`),
    '6:30: a value of "set_request_headers" has a reference that Behalf does not know; for a dollar sign write "$$"',
    '6:54: a value of "set_request_headers" has a reference that Behalf does not know; for a dollar sign write "$$"',
  ],
  'claim headers that are none': [
    global('jwt_claims_headers: 5'),
    '3:21: "jwt_claims_headers" must be a map from names of headers to claims, or a list of claims; found a number',
  ],
  'claim headers under names that are not for claims': [
    global('jwt_claims_headers: {Authorization: a, X_Pomerium_Jwt_Assertion: b, Host: c, "X:Y": d, X-A: 5, X-B: ""}'),
    `3:22: "jwt_claims_headers" must not name "Authorization", ${OWN}`,
    `3:40: "jwt_claims_headers" must not name "X_Pomerium_Jwt_Assertion", ${OWN}; "pass_identity_headers" says whether upstreams get it`,
    `3:69: "jwt_claims_headers" must not name "Host", ${OWN}; "host_rewrite" sets it`,
    '3:78: "jwt_claims_headers" takes names of headers, such as X-Team (tokens of RFC 9110)',
    '3:93: "jwt_claims_headers" must be a string that is not empty; found the number 5',
    '3:101: "jwt_claims_headers" must be a string that is not empty; found the string ""',
  ],
  'claims whose headers are one': [
    global('jwt_claims_headers: [a.b, a_b, "https://example.com/roles"]'),
    '3:27: "jwt_claims_headers" names "x-pomerium-claim-a.b" already, and upstreams may take one for the other',
    '3:32: "jwt_claims_headers" takes names of headers, such as X-Team (tokens of RFC 9110)',
  ],
};

const REDIRECTS: Cases = {
  'a redirect and an upstream': [
    bare('from: https://a', 'redirect: {https_redirect: true}', 'to: http://x', 'allowed_users: [a]'),
    '5:3: "to" excludes "redirect": write one of them',
  ],
  'a redirect that is text': [
    bare('from: https://a', 'redirect: https://b', 'allowed_users: [a]'),
    '4:13: a redirect must be a map; found a string',
  ],
  'values that redirect nowhere': [
    bare(
      'from: https://a',
      'redirect:',
      '  scheme_redirect: ftp',
      '  host_redirect: b:443',
      '  port_redirect: 0',
      '  path_redirect: new',
      '  response_code: 304',
      '  strip_query: 1',
      'allowed_users: [a]',
    ),
    '5:22: "scheme_redirect" must be "http" or "https"; found the string "ftp"',
    '6:20: "host_redirect" must be a host without a port; found the string "b:443"',
    '7:20: "port_redirect" must be a number from 1 to 65535; found the number 0',
    '8:20: "path_redirect" must be a path that starts with "/"; found the string "new"',
    '9:20: "response_code" must be 301, 302, 303, 307 or 308; found the number 304',
    '10:18: "strip_query" must be true or false; found the number 1',
  ],
  'two schemes, and two paths': [
    bare(
      'from: https://a',
      'redirect: {https_redirect: true, scheme_redirect: http, path_redirect: /a, prefix_rewrite: /b}',
      'allowed_users: [a]',
    ),
    '4:36: "scheme_redirect" excludes "https_redirect": write one of them',
    '4:78: "prefix_rewrite" excludes "path_redirect": write one of them',
  ],
};

const SIGN_IN: Cases = {
  'parts of a provider without one': [
    global('idp_scopes: [openid]', 'idp_request_params: {}', 'idp_groups_claim: a', 'idp_outage_grace: 1m'),
    '3:1: "idp_scopes" needs "idp_provider"',
    '4:1: "idp_request_params" needs "idp_provider"',
    '5:1: "idp_groups_claim" needs "idp_provider"',
    '6:1: "idp_outage_grace" needs "idp_provider"',
  ],
  "everybody's tenant": [
    global(
      'idp_provider: azure',
      'idp_provider_url: https://login.microsoftonline.com/common/v2.0',
      'idp_client_id: x',
      'authenticate_service_url: https://auth.example.com',
    ),
    '4:19: "idp_provider_url" stands for every tenant of Microsoft\'s: write the id of yours, as in https://login.microsoftonline.com/TENANT-ID/v2.0',
  ],
  'scopes that ask for nobody': [
    signIn('idp_scopes: [email, profile]'),
    '7:13: "idp_scopes" must have openid, which asks who signs in',
  ],
  'scopes in one': [
    signIn('idp_scopes: [openid email]'),
    '7:14: "idp_scopes" must be a scope such as email; found the string "openid email"',
  ],
  'no scopes': [signIn('idp_scopes: []'), '7:13: "idp_scopes" must not be empty'],
  'parameters that the sign-in sets': [
    signIn('idp_request_params: {redirect_uri: "https://evil.example", state: x, prompt: login}'),
    '7:22: "idp_request_params" must not name "redirect_uri", which the sign-in itself sets',
    '7:60: "idp_request_params" must not name "state", which the sign-in itself sets',
  ],
  'parameters that are none': [
    signIn('idp_request_params: {a: [b], c: null}'),
    '7:25: a value of "idp_request_params" must be text; found a list',
    '7:33: a value of "idp_request_params" must be text; found nothing',
  ],
  'parameters in a list': [
    signIn('idp_request_params: [a]'),
    '7:21: "idp_request_params" must be a map from names of parameters to text; found a list',
  ],
  'a grace without end': [
    signIn('idp_outage_grace: 25h'),
    '7:19: "idp_outage_grace" must be a duration from 0s to 24h; found the string "25h"',
  ],
  'a sign-in at the host of a route': [
    signIn().replace('https://auth.', 'https://a.').replace('[]', `[${A_ROUTE}]`),
    '6:27: "authenticate_service_url" must have a host of its own: it is the host of the route on line 2',
  ],
  'a sign-in at many hosts': [
    signIn().replace('https://auth.', 'https://*.'),
    '6:27: "authenticate_service_url" must name one host, without "*" and empty labels',
  ],
  'a sign-in without TLS, where all is TLS': [
    signIn(`certificate_key: ${base64(KEY)}`)
      .replace('https://auth.example.com', 'http://auth.localhost')
      .replace('insecure_server: true', `certificate: ${base64(CERTIFICATE)}`),
    '6:27: "authenticate_service_url" must be https: without "insecure_server: true" the proxy speaks TLS',
  ],
  'names of cookies': [
    global('cookie_name: __Host-a'),
    '3:14: "cookie_name" must be without a prefix such as __Host-: the proxy itself writes it where there is no "cookie_domain"',
  ],
  'a name with a separator': [
    global('cookie_name: a;b'),
    '3:14: "cookie_name" must be a name of at most 64 letters, digits, "_", "-" and "."; found the string "a;b"',
  ],
  'a name that is no short one': [
    global(`cookie_name: ${'a'.repeat(65)}`),
    '3:14: "cookie_name" must be a name of at most 64 letters, digits, "_", "-" and "."; found a string',
  ],
  'a cookie for a top-level domain': [
    global('cookie_domain: .com'),
    '3:16: "cookie_domain" must be more than one label: browsers take no cookie for all of it',
  ],
  'a cookie for an address': [
    global('cookie_domain: 10.0.0.1'),
    '3:16: "cookie_domain" must be a name: there are no cookies for a range of addresses',
  ],
  'a cookie with more than a domain': [
    global('cookie_domain: a.example.com; Path=/'),
    '3:16: "cookie_domain" must be a domain such as example.com; found the string "a.example.com; Path=/"',
  ],
  'a cookie that does not reach all hosts': [
    signIn('cookie_domain: app.example.com').replace('[]', `[${A_ROUTE}]`),
    '7:16: "cookie_domain" must cover all hosts, and does not: auth.example.com, a.example.com',
    `7:16: warning: ${EVERY_HOST}`,
  ],
  'a cookie that reaches few hosts': [
    global('cookie_domain: ple.com').replace(
      '[]',
      `[${['a', 'b', 'c', 'd', 'e'].map((name) => A_ROUTE.replace('//a', `//${name}`)).join(', ')}]`,
    ),
    '3:16: "cookie_domain" must cover all hosts, and does not: a.example.com, b.example.com, c.example.com and 2 more',
    `3:16: warning: ${EVERY_HOST}`,
  ],
  'a cookie that lives forever': [
    global('cookie_expire: 0'),
    '3:16: "cookie_expire" must be a duration from 1s to 8760h; found the string "0"',
  ],
  'a cookie of other sites': [
    global('cookie_same_site: always'),
    '3:19: "cookie_same_site" must be "lax" or "strict" or "none"; found the string "always"',
  ],
  'a cookie for scripts': [
    global('cookie_http_only: false'),
    '3:19: "cookie_http_only" must be true: a script that can read a session cookie can send it away',
  ],
  'pages to go to that are none': [
    global('signout_redirect_url: javascript:alert(1)'),
    '3:23: "signout_redirect_url" must be a URL such as https://www.example.com; found a string',
  ],
  'a page to go to with credentials': [
    global('signout_redirect_url: https://me:secret@www.example.com/?a#b'),
    '3:23: "signout_redirect_url" must not hold credentials',
  ],
  'programs elsewhere': [
    global('programmatic_redirect_domain_whitelist: [localhost, example.com]'),
    '3:53: "programmatic_redirect_domain_whitelist" takes "localhost" alone: a code that lets a program act as a person goes to the machine that asked for it and nowhere else',
  ],
  'a house of odd things': [
    global('branding: {name: "a\\nb", logo: wrong, color: red}'),
    '3:18: "name" must be a name of at most 60 characters; found the string "a\\nb"',
    '3:32: the file of "logo" is no PNG, JPEG, WebP or SVG',
    '3:46: "color" must be a colour in quotes such as "#0057b8", as # begins a comment; found the string "red"',
  ],
  'a colour that is a comment': [
    global('branding:', '  color: #0057b8'),
    '4:10: "color" must be a colour in quotes such as "#0057b8", as # begins a comment; found nothing',
  ],
  'a house without a sign': [global('branding: {logo: x.png}'), '3:18: "logo" cannot be read: no such file'],
  'a house that is text': [global('branding: House'), '3:11: a branding must be a map; found a string'],
  'origins that are none': [
    route('allow_websockets: true', 'allowed_origins: ["*", https://*.example.com, https://a/b, null]'),
    '7:21: "allowed_origins" must be an origin such as https://app.example.com; found the string "*"',
    '7:26: "allowed_origins" must name one host, without "*"',
    '7:49: "allowed_origins" must have no path',
    '7:62: "allowed_origins" must be an origin such as https://app.example.com; found nothing',
  ],
};

const ISSUERS: Cases = {
  'an issuer without its parts': [
    global('trusted_issuers: [{}]'),
    '3:19: missing key "issuer"',
    '3:19: missing key "audiences"',
    '3:19: missing key "domains"',
    '3:19: missing key "jwks_url" or "jwks_file"',
  ],
  'an issuer that is text': [
    global('trusted_issuers: [https://a]'),
    '3:19: a trusted issuer must be a map; found a string',
  ],
  'a misspelt key of an issuer': [
    global(issuer('a.example.net').replace('jwks_file', 'jwk_file')),
    '3:19: missing key "jwks_url" or "jwks_file"',
    '3:43: unknown key "jwk_file": did you mean "jwks_file"?',
  ],
  'an issuer for everybody': [
    global(issuer('a.example.net').replace('[b]', '[]').replace('[b.net]', '[]')),
    '3:76: "audiences" must not be empty',
    '3:89: "domains" must not be empty',
  ],
  'values that are none': [
    global(
      'trusted_issuers:',
      '- issuer: ""',
      '  jwks_url: http://a.example.net/jwks',
      '  audiences: a',
      '  domains: [a@b.net, "*"]',
      '  max_lifetime: 25h',
    ),
    '4:11: "issuer" must be a string that is not empty; found the string ""',
    '5:13: "jwks_url" must be https, or http on loopback',
    '6:14: "audiences" must be a list, each value a string that is not empty; found the string "a"',
    '7:13: "domains" must be an email domain such as example.com; found the string "a@b.net"',
    '7:22: "domains" must be an email domain such as example.com; found the string "*"',
    '8:17: "max_lifetime" must be a duration from 1s to 24h; found the string "25h"',
  ],
  'two places for keys': [
    global(issuer('a.example.net, jwks_url: "https://a.example.net"')),
    '3:78: "jwks_file" excludes "jwks_url": write one of them',
  ],
  'keys that are none': [
    global(issuer('a.example.net').replace('jwks.json', 'secret')),
    '3:54: the file of "jwks_file" must be a JWK Set with public keys; found a string',
  ],
  'no keys': [
    global(issuer('a.example.net').replace('jwks.json', 'empty-jwks.json')),
    '3:54: the file of "jwks_file" must be a JWK Set with public keys; found a string',
  ],
  'private keys': [
    global(issuer('a.example.net').replace('jwks.json', 'private-jwks.json')),
    '3:54: the file of "jwks_file" must not hold a private key',
  ],
  ...Object.fromEntries(
    ['a.example.com', 'https://a.example.com', 'https://A.example.com/', 'http://a.example.com./'].map((name) => [
      `ourselves as ${name}`,
      [
        route() + issuer(`"${name}"`),
        '6:19: this issuer is a host of this proxy, which trusts its own assertions already',
      ],
    ]),
  ),
  'ourselves behind a wildcard': [
    route().replace('https://a.', 'https://*.') + issuer('https://b.c.example.com/'),
    '6:19: this issuer is a host of this proxy, which trusts its own assertions already',
  ],
  'the provider': [
    provider('bearer_token_format: idp_identity_token', issuer('https://id.example.com/')),
    '7:19: this issuer is the identity provider, whose tokens are no assertions',
  ],
  'an issuer twice': [
    global(issuer('a.net').replace(/\[(\{.*\})\]/, '[$1, $1]')),
    '3:92: the trusted issuer on line 3 is the same',
  ],
};

const POLICIES: Cases = {
  'a policy of nothing': [
    bare('from: https://a.example.com', 'to: http://127.0.0.1:1', 'policy:'),
    '5:10: a policy must be a map with "allow" or "deny", or a list of such maps; found nothing',
  ],
  'a rule that is a list': [policy('- []'), '6:7: a rule must be a map with "allow" or "deny"; found a list'],
  'a file of Rego that is not there': [
    policy('- rego: x.rego'),
    '6:13: "rego" cannot be read from "x.rego": no such file; text without an end of line is the path of a file, and Rego itself stands below "rego: |"',
  ],
  'Rego that is no text': [
    policy('- rego: [5]'),
    '6:14: "rego" must be the path of a file, or Rego below "rego: |", or a list of them; found a number',
  ],
  'a version without Rego': [policy('- rego_version: v0'), '6:7: "rego_version" does nothing without "rego"'],
  'a version of Rego that is none': [
    policy('- rego_version: v2', '  rego: |', '    allow := true'),
    '6:21: "rego_version" must be "v0" or "v1"; found the string "v2"',
  ],
  'Rego in a package of the library': [
    policy('- rego: |', '    # METADATA', '    package behalf.criteria', '    allow := true'),
    '8:17: "package behalf.criteria" is not a policy\'s to write in: "behalf" is Behalf\'s own',
  ],
  'Rego in a package with an odd name': [
    policy('- rego: |', '    package a["b"]', '    allow := true'),
    '7:17: the name of a package is letters, digits, "_" and dots, as in "package app.access"',
  ],
  'Rego in quotes, in a package of the library': [
    policy('- rego: "\\npackage policies.p_1\\nallow := true"'),
    '6:13: line 2 of this Rego: "package policies.p_1" is not a policy\'s to write in: "policies" is Behalf\'s own',
  ],
  'an unknown action': [policy('- Allow: {}'), '6:7: unknown action "Allow": a rule has "allow" or "deny", or "rego"'],
  'criteria without an operator': [
    policy('- allow:', '  - domain: x'),
    '7:7: "allow" must be a map with "and", "or", "not" or "nor"; found a list',
  ],
  'an unknown operator': [
    policy('- deny:', '    iff: []'),
    '7:9: unknown operator "iff": "deny" has "and", "or", "not" or "nor"',
  ],
  'one criterion without a list': [
    policy('- allow:', '    and: {accept: true}'),
    '7:14: "and" must be a list of criteria; found a map',
  ],
  'a criterion that is text': [
    policy('- allow:', '    and: [accept]'),
    '7:15: a criterion must be a map with one key, as in "- accept: true"; found a string',
  ],
  'a criterion without a key': [policy('- allow:', '    and: [{}]'), '7:15: a criterion must have one key; found none'],
  'a criterion with two keys': [
    policy('- allow:', '    and:', '    - user: a', '      email: b'),
    '9:11: a criterion must have one key; write the second as a criterion of its own',
  ],
};

const PUBLIC_KEY = createPublicKey(KEY).export({ format: 'jwk' });
const FILES: Readonly<Record<string, string>> = {
  secret: `${SECRET}\n`,
  wrong: 'secret\n',
  certificate: CERTIFICATE,
  key: KEY,
  'other-key': generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  both: CERTIFICATE + KEY,
  'jwks.json': JSON.stringify({ keys: [{ kty: 'unknown' }, PUBLIC_KEY] }),
  empty: '\n',
  'empty-jwks.json': '{"keys": [{"kty": "unknown"}]}',
  'private-jwks.json': JSON.stringify({ keys: [PUBLIC_KEY, createPrivateKey(KEY).export({ format: 'jwk' })] }),
};
const read: typeof readText = (path) => {
  const text = FILES[basename(path)];
  return text === undefined ? { failure: 'no such file' } : { text, isShared: false, isWritable: false };
};

describe.each(Object.entries({ YAML, KEYS, VALUES, CERTIFICATES, HEADERS, REDIRECTS, SIGN_IN, ISSUERS, POLICIES }))(
  '%s',
  (_, cases) => {
    test.each(Object.entries(cases))('%s', (_, [text, ...problems]) => {
      expect(problemsOf(() => parseConfig(text, 'b.yaml', { read }))).toEqual(problems.map((line) => `b.yaml:${line}`));
    });
  },
);

test('no message holds a secret, whatever key it was written for', () => {
  const texts = [
    `{shared_secret ${SECRET}}`,
    `${SECRET}: x`,
    `shared_secret: "${SECRET}\\q"`,
    `shared_secret: |${SECRET}`,
    `shared_secret: [${SECRET}`,
    `shared_secret: !${SECRET} x`,
    `shared_secret: *${SECRET}`,
    `%${SECRET}\n---\n`,
    `shared_secret: {${SECRET}: 1}`,
    `${Buffer.from(SECRET, 'base64').toString('base64url').slice(0, 40)}: x`,
    `Key_${SECRET.slice(0, 36)}: x`,
    `routes: [{policy: {${SECRET}: 1}}]`,
    `routes: [{policy: {allow: {${SECRET}: []}}}]`,
    `routes: [{regex: "(?${SECRET})"}]`,
    `shared_secret: &a ${SECRET}0\nidp_client_secret: 5\nsigning_key: *a`,
    `signing_key: -----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
    `routes: [{from: "https://a:${SECRET}@b", to: "http://a?token=${SECRET}"}]`,
    `idp_provider_url: https://me:${SECRET}@id.example.com`,
    `signing_key_file: ${SECRET}\nidp_client_secret_file: ${SECRET}`,
  ];
  for (const text of texts) {
    const problems = problemsOf(() => parseConfig(text, 'b.yaml', { read }));
    expect(problems).not.toEqual([]);
    expect(problems.join('\n'), text).not.toContain(SECRET.slice(0, 20));
  }
});
