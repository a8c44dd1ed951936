import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';

test('check names the accounts whose route the configuration no longer has', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-check-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const behalf = (...args: readonly string[]) => runBehalf(args, { cwd: folder });
  const nameRoutes = (...names: readonly string[]) => {
    const routes = names.map((name, i) => ({
      name,
      from: `http://r${i}.localhost`,
      to: 'http://127.0.0.1:9',
      allow_public_unauthenticated_access: true,
    }));
    return writeFile(join(folder, 'behalf.yaml'), JSON.stringify({ insecure_server: true, address: ':0', routes }));
  };
  const warned = async () =>
    (await behalf('check')).stderr.split('\n').filter((line) => line.includes('service account'));

  await nameRoutes('App', 'API');
  await behalf('service-account', 'create', 'app-access', '--serves', 'App');
  await behalf('service-account', 'create', 'app-access', '--carries', 'App');
  await behalf('service-account', 'create', 'api-access', '--serves', 'API');
  await behalf('service-account', 'create', 'gone', '--serves', 'App');
  await behalf('service-account', 'revoke', 'gone');
  expect(await warned()).toEqual([]);

  await nameRoutes('Application', 'API');
  expect(await warned()).toEqual([
    expect.stringMatching(
      /behalf\.yaml:1:1: warning: service account "app-access" was made for the route "App", which this configuration does not have: what it brings for that route is refused \(presenter\); make its token anew, or name the route so again$/,
    ),
  ]);
});
