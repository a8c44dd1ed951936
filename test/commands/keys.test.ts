import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectWithin } from '../support/eventually.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';

const ROUTE = { name: 'App', from: 'http://127.0.0.1', allow_public_unauthenticated_access: true };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-cli-'));
  const config = { insecure_server: true, address: '127.0.0.1:0', routes: [{ ...ROUTE, to: 'http://127.0.0.1:9' }] };
  await writeFile(join(folder, 'behalf.yaml'), JSON.stringify(config));
  const { stdout } = await runBehalf(['keys', 'generate'], { cwd: folder });
  await writeFile(join(folder, 'given.yaml'), JSON.stringify({ ...config, signing_key: stdout }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const behalf = (...args: readonly string[]) => runBehalf(['keys', ...args], { cwd: folder });
const list = async (...args: readonly string[]) =>
  (await behalf('list', ...args)).stdout
    .trim()
    .split('\n')
    .map((row) => row.split('\t'));
const states = async () => (await list()).slice(1).map(([kid, , state]) => `${kid} ${state}`);

describe('keys generate', () => {
  test.each([
    [[], 'ec'],
    [['--alg', 'ES256'], 'ec'],
    [['--alg', 'RS256'], 'rsa'],
    [['--alg', 'EdDSA'], 'ed25519'],
  ] as const)('%j prints the PEM alone, and needs no configuration', async (args, type) => {
    const { exitCode, stdout, stderr } = await runBehalf(['keys', 'generate', ...args], { cwd: tmpdir() });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/);
    expect(createPrivateKey(stdout).asymmetricKeyType).toBe(type);
  });
});

describe('keys rotate and list', () => {
  test('show each key through its phases', async () => {
    const [head, [first = ''] = []] = await list();
    expect(head).toEqual(['KID', 'ALG', 'STATE', 'CREATED', 'SIGNS FROM', 'RETIRED', 'GONE']);

    const rotated = await behalf('rotate', '--alg', 'EdDSA');
    const second = rotated.stdout.trim();
    expect(rotated).toMatchObject({ exitCode: 0, stderr: expect.stringMatching(/^published; it signs from .+Z\n$/) });
    expect(await states()).toEqual([`${first} signing`, `${second} next`]);
    const [, , next] = await list();
    expect(Date.parse(next?.[4] ?? '') - Date.parse(next?.[3] ?? '')).toBe(3_600_000);

    const early = await behalf('rotate', '--after', '0s');
    expect(early.stderr).toContain(`${second} had not signed yet, and is retired\n`);
    expect(early.stderr).toContain('verifiers may hold the keys for 60 s');
    const third = early.stdout.trim();
    expect((await states()).sort()).toEqual([`${first} retired`, `${second} retired`, `${third} signing`].sort());

    expect(await behalf('rotate', '--revoke', second)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `revoked: ${second}\n`,
    });
    const revoked = await behalf('rotate', '--revoke', third);
    const fourth = revoked.stdout.trim();
    expect((await states()).sort()).toEqual([`${first} retired`, `${fourth} signing`].sort());
  });

  test('two at once lose no key, and leave one that signs', async () => {
    const before = (await states()).length;
    const runs = await Promise.all([1, 2, 3].map(() => behalf('rotate', '--after', '0s')));
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const after = await states();
    expect(after).toHaveLength(before + 3);
    expect(after.filter((row) => row.endsWith(' signing'))).toHaveLength(1);
    for (const { stdout } of runs) expect(after.join()).toContain(stdout.trim());
  });

  test.each([
    ['no action', [], 'one of generate, rotate, list is missing'],
    ['an unknown action', ['revoke'], 'there is no action "revoke"'],
    ['an algorithm that is none', ['rotate', '--alg', 'HS256'], '--alg takes ES256, RS256, EdDSA, not "HS256"'],
    ['a time that is none', ['rotate', '--after', '1y'], '--after takes 0s, 90s, 15m, 12h or 30d, not "1y"'],
    ['a revocation that waits', ['rotate', '--revoke', 'k', '--after', '1h'], '--revoke drops a key at once'],
    ['an unknown KID', ['rotate', '--revoke', 'k'], 'no key has the KID "k"'],
    [
      'rotate with a given key',
      ['rotate', '--config', 'given.yaml'],
      'the keys are those of "signing_key" in given.yaml',
    ],
    ['list with a given key', ['list', '--config', 'given.yaml'], 'the keys are those of "signing_key" in given.yaml'],
  ])('%s: says so, and 2', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await behalf(...args);
    expect(stderr).toContain(`behalf: ${message}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe('a running proxy', () => {
  let proxy: RunningBehalf;
  let upstream: Recorder;
  let token: string;
  beforeAll(async () => {
    upstream = await startRecorder();
    proxy = await startBehalf({ pass_identity_headers: true, routes: [{ ...ROUTE, to: upstream.url }] });
    token = await proxy.createServiceAccount('caller');
  });
  afterAll(async () => {
    await proxy[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  });

  const get = (path: string) =>
    fetch(`${proxy.url}${path}`, { headers: { authorization: `Bearer Pomerium-${token}` } });
  const fetchKeys = async () => (await (await get('/.well-known/pomerium/jwks.json')).json()) as JSONWebKeySet;
  const takeAssertion = async (): Promise<string> => {
    upstream.requests.length = 0;
    expect((await get('/')).status).toBe(200);
    const [assertion = ''] = upstream.requests.flatMap((one) => valuesOf(one, 'X-Pomerium-Jwt-Assertion'));
    return assertion;
  };
  const rotate = async (...args: readonly string[]) =>
    (await runBehalf(['keys', 'rotate', ...args, '--config', proxy.config])).stdout.trim();

  test('fails no verifier that holds its keys for half as long as a new key waits', async () => {
    const kids = new Set<string | undefined>();
    let added = '';
    const hold = async () => ({ at: performance.now(), keys: await fetchKeys() });
    let held = await hold();
    const rotating = rotate('--alg', 'EdDSA', '--after', '4s').then((kid) => {
      added = kid;
    });
    while (added === '' || !kids.has(added)) {
      const assertion = await takeAssertion();
      // After it has the assertion: on a busy machine that may come late.
      if (performance.now() - held.at > 2000) held = await hold();
      await expect(jwtVerify(assertion, createLocalJWKSet(held.keys))).resolves.toBeDefined();
      kids.add(decodeProtectedHeader(assertion).kid);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await rotating;
    expect(kids.size).toBe(2);
    expect((await fetchKeys()).keys.map(({ kid }) => kid)).toEqual([...kids].reverse());
  });

  test('drops a key within a second of its revocation', async () => {
    const kid = decodeProtectedHeader(await takeAssertion()).kid ?? '';
    const successor = await rotate('--revoke', kid);
    const isPublished = async () => (await fetchKeys()).keys.some((key) => key.kid === kid);
    await expectWithin(1000, isPublished, false);
    expect(decodeProtectedHeader(await takeAssertion()).kid).toBe(successor);
  });
});
