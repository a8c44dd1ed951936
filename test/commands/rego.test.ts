import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runBehalf } from '../support/run-behalf.ts';

const CONFIG = `insecure_server: true
data: {teams: teams.yaml}
routes:
  - from: http://a.localhost
    to: http://127.0.0.1:1
    policy:
      - rego: policies/app.rego
      - rego: |
          deny if input.request.path == "/no"
`;
const FILES = {
  'behalf.yaml': CONFIG,
  'teams.yaml': 'staff: [ann]\n',
  'policies/app.rego': 'package app\n\nallow if input.caller.id in data.teams.staff\n',
  'policies/app_test.rego': `package app_test

import data.app
import data.behalf.main

test_staff if app.allow == true with input as {"caller": {"id": "ann"}}

test_decision if main.decision.reasons == [] with input as {
	"route": {"id": "r0"},
	"request": {"path": "/no"},
	"caller": {"id": "ann"},
}
`,
};

test('rego --out is what OPA tests and checks an author’s files with', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-rego-'));
  await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
  const behalf = (...args: readonly string[]) => runBehalf(args, { cwd: folder });
  await mkdir(join(folder, 'policies'));
  for (const [path, text] of Object.entries(FILES)) await writeFile(join(folder, path), text);

  await behalf('rego', '--out', 'out');
  expect((await behalf('opa', 'test', 'out/bundle', 'policies')).stdout).toMatch(/PASS: 2\/2/);
  const check = ['opa', 'check', '--strict', '--schema', 'out/schema', '--capabilities', 'out/capabilities.json'];
  expect(await behalf(...check, 'out/bundle', 'policies')).toMatchObject({ exitCode: 0 });

  // What an earlier call wrote is replaced; what anybody else did is not.
  await writeFile(join(folder, 'out/bundle/stale.rego'), 'package stale\n');
  await behalf('rego', '--out', 'out');
  await expect(rm(join(folder, 'out/bundle/stale.rego'))).rejects.toThrow('ENOENT');
  expect(await behalf('rego', '--out', 'policies')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('did not write'),
  });
});
