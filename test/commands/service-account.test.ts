import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';

const route = (from: string, name?: string) => ({
  ...(name !== undefined && { name }),
  from: `http://${from}.localhost`,
  to: 'http://127.0.0.1:9',
  allow_public_unauthenticated_access: true,
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-cli-'));
  const routes = [route('app', 'App'), route('api', 'API'), route('nameless'), { ...route('nameless'), path: '/' }];
  const config = { insecure_server: true, address: '127.0.0.1:0', routes };
  await writeFile(join(folder, 'behalf.yaml'), JSON.stringify(config));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const behalf = (...args: readonly string[]) => runBehalf(args, { cwd: folder });
const rows = async () =>
  (await behalf('service-account', 'list')).stdout
    .trim()
    .split('\n')
    .slice(1)
    .map((row) => row.split('\t').toSpliced(1, 4));

describe('service-account create --serves, --carries', () => {
  test('keeps the names of the routes, which may be given by id, and shows them', async () => {
    const made = await behalf(
      'service-account',
      'create',
      'api',
      '--serves',
      'API',
      '--serves',
      'r2',
      '--carries',
      'r0',
    );
    expect(made).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringMatching(/^[\w.-]+\n$/) });
    await behalf('service-account', 'create', 'app', '--serves', 'App');
    await behalf('service-account', 'create', 'free');
    expect(await rows()).toEqual([
      ['api', 'API,nameless.localhost/', 'App'],
      ['app', 'App', '-'],
      ['free', 'any', 'any'],
    ]);
  });

  test('check warns of accounts that are bound to no route, as long as they live', async () => {
    const warning = 'warning: service account "free" may carry any assertion that it gets hold of';
    const { exitCode, stderr } = await behalf('check');
    expect({ exitCode, lines: stderr.trim().split('\n') }).toEqual({
      exitCode: 0,
      lines: [expect.stringContaining('no request comes here'), expect.stringContaining(`behalf.yaml:1:1: ${warning}`)],
    });
    await behalf('service-account', 'revoke', 'free');
    expect((await behalf('check')).stderr).not.toContain('service account');
  });

  test('needs an ID', async () => {
    const { exitCode, stdout, stderr } = await behalf('service-account', 'create', '--serves', 'App');
    expect(stderr).toContain('behalf: create needs an ID, as in: behalf service-account create my-app\n');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });

  test.each([
    ['an unknown route', ['--serves', 'Apq'], 'there is no route "Apq"; did you mean "App"?'],
    [
      'a host',
      ['--carries', 'App.localhost'],
      'there is no route "App.localhost"; that is the host of the route "App"\n',
    ],
    [
      'a host of two routes',
      ['--serves', 'nameless.localhost'],
      'there is no route "nameless.localhost"; that is the host of the routes "nameless.localhost/", "r3"\n',
    ],
    ['what is like nothing', ['--serves', 'elsewhere.localhost'], 'there is no route "elsewhere.localhost"\n'],
    [
      'a route without a name of its own',
      ['--serves', 'r3'],
      'the route "r3" has no name of its own: give it a "name"',
    ],
  ])('%s is wrong usage, and nothing is made', async (_, options, message) => {
    const before = await rows();
    const { exitCode, stdout, stderr } = await behalf('service-account', 'create', 'x', ...options);
    expect(stderr).toContain(`behalf: ${message}`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(await rows()).toEqual(before);
  });
});
