import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { readText } from '../../src/config/read-text.ts';
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

const ADVICE =
  'Behalf does not serve TLS yet; write "insecure_server: true", and put it behind a TLS terminator or on loopback';
const NO_REQUEST = (line: number): string =>
  `no request comes here: the route on line ${line} takes all of them, and the first that matches serves`;
const SECRET = 'c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3I=';

type Cases = Readonly<Record<string, readonly [text: string, ...problems: string[]]>>;

const YAML: Cases = {
  'an empty file': ['', '1:1: the file is empty'],
  'only a comment': ['# nothing\n', '1:1: the file is empty'],
  'a document of nothing': ['---\n', '1:4: a configuration must be a map; found nothing'],
  'a list': ['- a\n', '1:1: a configuration must be a map; found a list'],
  'two documents': [`${global()}---\na: 1\n`, '3:1: a second document starts here; there may be only one in a file'],
  'a tab as indentation': ['a:\n\tb: 1\n', '2:1: a tab in the indentation; YAML takes spaces only'],
  'an open bracket': [
    'routes: [',
    '1:10: this line is not indented as its context asks for, or a bracket before it is not closed',
  ],
  'a quote without an end': [
    'address: "x\n',
    '2:1: a character is missing here: a ":" after a key, a comma, a bracket or a closing quote',
  ],
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
    '3:10: an alias whose anchor is not set before it',
    '3:10: "address" must be host:port or :port; found nothing',
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
    `1:1: missing key "insecure_server": ${ADVICE}`,
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
    global('cookie_secret: x'),
    '3:1: "cookie_secret" is a key of Pomerium\'s that Behalf does not have yet',
  ],
  "a route's key of Pomerium's": [
    route('allow_websockets: true'),
    '6:3: "allow_websockets" is a key of Pomerium\'s that Behalf does not have yet',
  ],
  "a route's key of Pomerium's at the top": [
    global('allow_websockets: true'),
    '3:1: "allow_websockets" is a key of Pomerium\'s that Behalf does not have yet',
  ],
  'a key that Pomerium also has in routes': [
    route('idp_client_id: x'),
    '6:3: "idp_client_id" is a key of Pomerium\'s that Behalf does not have yet in a route; it is known at the top level',
  ],
  "Pomerium's older list of routes": [
    global('policy: []'),
    '3:1: "policy" is a key of Pomerium\'s that Behalf does not have yet at the top level; it is known in a route',
  ],
  "a route's key at the top": [global('prefix: /a'), '3:1: "prefix" is misplaced: it belongs in a route'],
  'a global key in a route': [route('address: :80'), '6:3: "address" is misplaced: it belongs at the top level'],
  'insecure_server and routes missing': [
    'address: :80\n',
    `1:1: missing key "insecure_server": ${ADVICE}`,
    '1:1: missing key "routes"',
  ],
  'insecure_server: false': ['insecure_server: false\nroutes: []\n', `1:18: ${ADVICE}`],
  'a route that is no map': [
    'insecure_server: true\nroutes: [x]\n',
    '2:10: a route must be a map; found the string "x"',
  ],
  'a route without from and to': [
    bare('allow_any_authenticated_user: true'),
    '3:3: missing key "from"',
    '3:3: missing key "to"',
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
    '1:1: missing key "idp_provider_url", which "idp_provider" needs',
    '1:1: missing key "idp_client_id", which "idp_provider" needs',
  ],
  'parts without a provider': [
    global('idp_provider_url: https://id.example.com', 'idp_client_id: x', 'bearer_token_format: idp_identity_token'),
    '3:1: "idp_provider_url" needs "idp_provider"',
    '4:1: "idp_client_id" needs "idp_provider"',
    '5:22: "bearer_token_format: idp_identity_token" needs "idp_provider"',
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
    '3:10: "address" must be host:port or :port; found the string ":65536"',
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
    '3:14: "signing_key" must be a P-256 private key as PEM, or as base64 of PEM; found a string',
  ],
  "another provider of Pomerium's": [
    global('idp_provider: Okta', 'idp_provider_url: https://a', 'idp_client_id: x'),
    '3:15: "idp_provider" does not take "okta" yet; it takes oidc',
  ],
  'no provider': [
    global('idp_provider: x', 'idp_provider_url: https://a', 'idp_client_id: x'),
    '3:15: "idp_provider" must be "oidc"; found the string "x"',
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
    '3:22: "bearer_token_format" does not take "jwt" yet; it takes default or idp_identity_token',
  ],
  'no token format': [
    global('bearer_token_format: x'),
    '3:22: "bearer_token_format" must be "default" or "idp_identity_token"; found the string "x"',
  ],
  'an original user that is not verified': [
    global('original_user: unverified'),
    '3:16: "original_user" does not take "unverified" yet; it takes verified',
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

const POLICIES: Cases = {
  'a policy of nothing': [
    bare('from: https://a.example.com', 'to: http://127.0.0.1:1', 'policy:'),
    '5:10: a policy must be a map with "allow" or "deny", or a list of such maps; found nothing',
  ],
  'a rule that is a list': [policy('- []'), '6:7: a rule must be a map with "allow" or "deny"; found a list'],
  'a policy in Rego': [
    policy('- rego: x.rego'),
    '6:7: Behalf does not have policies in Rego yet: a rule has "allow" or "deny"',
  ],
  'an unknown action': [policy('- Allow: {}'), '6:7: unknown action "Allow": a rule has "allow" or "deny"'],
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
    '7:15: a criterion must be a map with one key, as in "- accept: true"; found the string "accept"',
  ],
  'a criterion without a key': [policy('- allow:', '    and: [{}]'), '7:15: a criterion must have one key; found none'],
  'a criterion with two keys': [
    policy('- allow:', '    and:', '    - user: a', '      email: b'),
    '9:11: a criterion must have one key; write the second as a criterion of its own',
  ],
};

const FILES: Readonly<Record<string, string>> = { secret: `${SECRET}\n`, wrong: 'secret\n' };
const read: typeof readText = (path) => {
  const text = FILES[basename(path)];
  return text === undefined ? { failure: 'no such file' } : { text, isShared: false };
};

describe.each(Object.entries({ YAML, KEYS, VALUES, POLICIES }))('%s', (_, cases) => {
  test.each(Object.entries(cases))('%s', (_, [text, ...problems]) => {
    expect(problemsOf(() => parseConfig(text, 'b.yaml', read))).toEqual(problems.map((line) => `b.yaml:${line}`));
  });
});

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
    `shared_secret: &a ${SECRET}0\nidp_client_secret: 5\nsigning_key: *a`,
    `signing_key: -----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
    `routes: [{from: "https://a:${SECRET}@b", to: "http://a?token=${SECRET}"}]`,
    `idp_provider_url: https://me:${SECRET}@id.example.com`,
    `signing_key_file: ${SECRET}\nidp_client_secret_file: ${SECRET}`,
  ];
  for (const text of texts) {
    const problems = problemsOf(() => parseConfig(text, 'b.yaml', read));
    expect(problems).not.toEqual([]);
    expect(problems.join('\n'), text).not.toContain(SECRET.slice(0, 20));
  }
});
