import { decodeJwt } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CLIENT_ID } from '../../src/demo/scenario.ts';
import { eventually } from '../support/eventually.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type RunningProvider, startProvider } from '../support/start-provider.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';
import { type StartedProxy, startProxy } from './start-proxy.ts';

const ASSERTION = 'x-pomerium-jwt-assertion';
const GROUPS = (count: number) => Array.from({ length: count }, (_, at) => `group-of-a-large-company-${at}`);

let provider: RunningProvider;
let upstream: Recorder;
let proxy: StartedProxy;

beforeAll(async () => {
  provider = await startProvider();
  upstream = await startRecorder((_, response) => {
    response.writeHead(201, [
      ['Location', 'http://10.0.0.1:8080/two/some/path'],
      ['Set-Cookie', 'a=1; Domain=10.0.0.1'],
      ['Set-Cookie', 'b=2; Domain=10.0.0.1'],
    ]);
    response.end();
  });
  const route = (name: string, keys: object) => ({
    name,
    from: `http://${name}.test`,
    to: upstream.url,
    policy: { allow: { or: [{ authenticated_user: true }, { groups: 'ops' }, { 'claim/groups': 'eng' }] } },
    ...keys,
  });
  proxy = await startProxy({
    idp_provider: 'oidc',
    idp_provider_url: provider.issuer,
    idp_client_id: CLIENT_ID,
    bearer_token_format: 'idp_identity_token',
    pass_identity_headers: true,
    jwt_claims_headers: { 'X-Groups': 'groups', 'X-Teams': 'teams' },
    routes: [
      route('all', {
        set_request_headers: {
          Authorization: `Bearer \${pomerium.request.headers["X-Jwt"]}`,
          'X-Id-Token': `\${pomerium.id_token}`,
          'X-Fingerprint': `\${pomerium.client_cert_fingerprint}`,
        },
        rewrite_response_headers: [
          { header: 'Location', prefix: 'http://10.0.0.1:8080/two/', value: 'https://all.test/one/' },
          { header: 'Set-Cookie', prefix: 'a=', value: 'c=' },
        ],
      }),
      route('filtered', { jwt_groups_filter: ['eng'] }),
      route('named', { jwt_groups_of_policy: true, jwt_groups_filter: ['sales'] }),
    ],
  });
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await provider[Symbol.asyncDispose]();
});

beforeEach(() => {
  upstream.requests.length = 0;
  proxy.takeLines();
});

/** What a person with these claims, and these lines in their request, is answered. */
async function ask(host: string, claims: object, ...lines: string[]): Promise<string> {
  const token = await provider.issue({ sub: 'ada', email: 'ada@example.com', ...claims });
  const head = [`GET / HTTP/1.1`, `Host: ${host}.test`, 'Connection: close', `Authorization: Bearer ${token}`];
  return sendRaw(proxy.url, [...head, ...lines, '', ''].join('\r\n'));
}

const got = (name: string): string[] => upstream.requests.flatMap((request) => valuesOf(request, name));

/** The line of the one request, once it is written, and what was warned of. */
async function takeLog(): Promise<{ line: object | undefined; warnings: object[] }> {
  const lines: Record<string, unknown>[] = [];
  await eventually(() => {
    lines.push(...proxy.takeLines());
    expect(lines.some(({ message }) => message === 'request')).toBe(true);
  });
  return {
    line: lines.find(({ message }) => message === 'request'),
    warnings: lines.filter(({ level }) => level === 'warn'),
  };
}

describe('templates', () => {
  test('a header of the request goes on under another name, in place of the client’s own', async () => {
    await ask('all', {}, 'X-Jwt: a.b.c');
    expect(got('authorization')).toEqual(['Bearer a.b.c']);
    expect(got('x-jwt')).toEqual(['a.b.c']);
  });

  test('without it there is none, and a credential is no token for upstreams', async () => {
    await ask('all', {}, 'X-Id-Token: forged', 'X-Fingerprint: forged');
    expect(upstream.requests).toHaveLength(1);
    expect([got('authorization'), got('x-id-token'), got('x-fingerprint')]).toEqual([[], [], []]);
  });
});

test('headers of answers are rewritten, each line by itself', async () => {
  const answer = await ask('all', {});
  expect(answer).toContain('\r\nlocation: https://all.test/one/some/path\r\n');
  expect(answer).toContain('\r\nset-cookie: c=1; Domain=10.0.0.1\r\nset-cookie: b=2; Domain=10.0.0.1\r\n');
});

describe('groups', () => {
  const groups = ['eng', 'ops', 'sales', 'all-staff'];
  const cases: Record<string, [host: string, groups: readonly string[], omitted: object]> = {
    'all of them': ['all', groups, {}],
    'those of the filter': ['filtered', ['eng'], { omitted: [`${ASSERTION} 3`] }],
    'those of the policy and of the filter': ['named', ['eng', 'ops', 'sales'], { omitted: [`${ASSERTION} 1`] }],
  };
  test.each(Object.entries(cases))('%s', async (_, [host, told, omitted]) => {
    await ask(host, { groups });
    const [assertion = ''] = got(ASSERTION);
    expect(decodeJwt(assertion)['groups']).toEqual(told);
    expect(got('x-groups')).toEqual([told.join(',')]);
    const { line } = await takeLog();
    expect(line).toMatchObject({ status: 201, ...omitted });
    expect(line && 'omitted' in line).toBe('omitted' in omitted);
  });
});

test('what no list in a header can hold is left out and counted, and no value of it is logged', async () => {
  await ask('all', { groups: ['a,root', 'b'], teams: ['blue\n', 'red,root'] });
  expect([got('x-groups'), got('x-teams')]).toEqual([['b'], []]);
  const { line } = await takeLog();
  expect(line).toMatchObject({ omitted: ['x-groups 1', 'x-teams 2'] });
  expect(JSON.stringify(line)).not.toContain('root');
});

describe('the size of what is added', () => {
  test('few groups: nothing is said', async () => {
    await ask('all', { groups: GROUPS(10) });
    expect(await takeLog()).toMatchObject({ line: { status: 201 }, warnings: [] });
  });

  test('many: the log warns, with the route and sizes', async () => {
    await ask('all', { groups: GROUPS(80) });
    const { line, warnings } = await takeLog();
    expect(line).toMatchObject({ status: 201 });
    const added = [expect.stringMatching(`^${ASSERTION} \\d+$`), expect.stringMatching(/^x-groups \d+$/)];
    expect(warnings).toMatchObject([
      { message: 'upstream gets large headers', route: 'all', added_bytes: expect.any(Number), added },
    ]);
    expect(JSON.stringify(warnings)).not.toContain('group-of');
  });

  test.each([
    ['the sum of them', 130],
    ['the assertion alone', 220],
  ])('too many, by %s: refused by name', async (_, count) => {
    const answer = await ask('all', { groups: GROUPS(count) });
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
    expect(JSON.parse(answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({
      status: 431,
      error: 'headers-too-large',
      reasons: ['headers-too-large'],
    });
    expect(upstream.requests).toEqual([]);
    const { line } = await takeLog();
    expect(line).toMatchObject({ route: 'all', status: 431, error: 'headers-too-large', allow: true });
    expect(line).toMatchObject({ detail: expect.stringContaining('8192 are the limit') });
    expect(JSON.stringify(line)).not.toContain('group-of');
  });

  test('the same person, where few of the groups are told: passes', async () => {
    await ask('filtered', { groups: [...GROUPS(130), 'eng'] });
    expect(await takeLog()).toMatchObject({ line: { status: 201 }, warnings: [] });
  });
});
