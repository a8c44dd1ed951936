import { expect, test } from 'vitest';
import type { Environment } from '../../src/config/apply-environment.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { problemsOf } from './problems-of.ts';

const SECRETS = [1, 2].map((byte) => Buffer.alloc(32, byte));
const [SECRET, OTHER] = SECRETS.map((bytes) => bytes.toString('base64'));
const texts: Readonly<Record<string, string | undefined>> = { '/etc/a': SECRET, '/etc/b': OTHER };
const read = (path: string) => ({ text: texts[path] ?? '', isShared: false, isWritable: false });

const parse = (lines: readonly string[], environment: Environment) =>
  parseConfig([...lines, 'routes: []', ''].join('\n'), '/etc/b.yaml', { read, environment }).config;
const CLEAR = 'insecure_server: true';

const taken: Record<string, [lines: readonly string[], environment: Environment, config: Partial<Config>]> = {
  "text in place of the file's": [
    [CLEAR, 'address: :80'],
    { ADDRESS: '127.0.0.1:8080' },
    { address: { host: '127.0.0.1', port: 8080 } },
  ],
  'text that the file does not have': [[CLEAR], { STATE_DIR: 'state' }, { stateDir: '/etc/state' }],
  'a number': [['insecure_server: true', 'xff_num_trusted_hops: 1'], { XFF_NUM_TRUSTED_HOPS: '2' }, { trustedHops: 2 }],
  'a boolean': [[], { INSECURE_SERVER: 'true' }, { certificate: null }],
  'a boolean in place of a wrong one': [['insecure_server: 5'], { INSECURE_SERVER: 'true' }, { certificate: null }],
  'a secret': [[CLEAR], { SHARED_SECRET: SECRET ?? '' }, { sharedSecret: new Uint8Array(SECRETS[0] ?? []) }],
  'a duration': [[CLEAR], { CLOCK_SKEW: '0' }, { clockSkewSeconds: 0 }],
  'a value in place of a file': [
    [CLEAR, 'shared_secret_file: a'],
    { SHARED_SECRET: OTHER },
    { sharedSecret: new Uint8Array(SECRETS[1] ?? []) },
  ],
  'a file in place of a value': [
    [CLEAR, `shared_secret: ${SECRET}`],
    { SHARED_SECRET_FILE: 'b' },
    { sharedSecret: new Uint8Array(SECRETS[1] ?? []) },
  ],
  'an empty variable, which is none': [[CLEAR, 'address: :80'], { ADDRESS: '' }, { address: { host: '', port: 80 } }],
  'variables that are no keys': [
    [CLEAR],
    { address: ':80', ROUTES: '[', TRUSTED_ISSUERS: '[', PREFIX: '/a', TOSTRING: 'x' },
    { address: { host: '', port: 443 }, routes: [], trustedIssuers: [] },
  ],
};
test.each(Object.entries(taken))('%s', (_, [lines, environment, config]) => {
  expect(parse(lines, environment)).toMatchObject(config);
});

const refused: Record<string, [lines: readonly string[], environment: Environment, ...problems: string[]]> = {
  'a wrong value': [
    [CLEAR],
    { ADDRESS: '80' },
    'env:ADDRESS:1:1: "address" must be host:port or :port; found a string',
  ],
  'a wrong boolean': [
    [CLEAR],
    { XFF_NUM_TRUSTED_HOPS: '1e1', INSECURE_SERVER: '1' },
    'env:INSECURE_SERVER:1:1: "insecure_server" must be true or false; found a string',
    'env:XFF_NUM_TRUSTED_HOPS:1:1: "xff_num_trusted_hops" must be a number from 0 to 100; found a string',
  ],
  'a wrong secret': [
    [CLEAR],
    { COOKIE_SECRET: 'hush' },
    'env:COOKIE_SECRET:1:1: "cookie_secret" must be 32 bytes in standard base64, as openssl rand -base64 32 makes them; found a string',
  ],
  'a value and its file': [
    [CLEAR],
    { SHARED_SECRET: SECRET, SHARED_SECRET_FILE: 'a' },
    'env:SHARED_SECRET_FILE:1:1: "shared_secret_file" excludes "shared_secret": write one of them',
  ],
  'a key that needs another': [
    [CLEAR],
    { IDP_CLIENT_ID: 'x' },
    'env:IDP_CLIENT_ID:1:1: "idp_client_id" needs "idp_provider"',
  ],
};
test.each(Object.entries(refused))('%s', (_, [lines, environment, ...problems]) => {
  expect(problemsOf(() => parse(lines, environment))).toEqual(problems);
});

test('a file without a map stays one', () => {
  const load = () => parseConfig('- a\n', 'b.yaml', { environment: { ADDRESS: ':80' } });
  expect(problemsOf(load)).toEqual(['b.yaml:1:1: a configuration must be a map; found a list']);
});
