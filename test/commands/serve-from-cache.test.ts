import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sendRequest } from '../../src/demo/send-request.ts';
import { startProcess } from '../../src/demo/start-process.ts';
import { BEHALF } from '../support/start-behalf.ts';
import { type Recorder, startRecorder } from '../support/start-recorder.ts';

let folder: string;
let upstream: Recorder;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-test-'));
  upstream = await startRecorder();
  const policy = [{ allow: { or: [{ http_path: '/' }] } }];
  const routes = [{ name: 'api', from: 'http://api.localhost', to: upstream.url, policy }];
  const config = { address: '127.0.0.1:0', insecure_server: true, state_dir: join(folder, 'state'), routes };
  await writeFile(join(folder, 'behalf.yaml'), JSON.stringify(config));
});
afterAll(async () => {
  await upstream?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** The first answer from the upstream, and the files of the cache, by inode. */
async function serve() {
  const command = ['serve', '--config', join(folder, 'behalf.yaml')];
  await using proxy = startProcess({
    name: 'behalf serve',
    command: [...BEHALF, ...command],
    log: join(folder, 'log'),
  });
  const { status } = await sendRequest({ address: await proxy.ready, host: 'api.localhost' });
  const names = await readdir(join(folder, 'state/cache'));
  const files = await Promise.all(names.map(async (name) => (await stat(join(folder, 'state/cache', name))).ino));
  return { status, files };
}

test('a start with a cached policy compiles nothing', async () => {
  const first = await serve();
  expect(first).toEqual({ status: 200, files: [expect.any(Number)] });
  expect(await serve()).toEqual(first);
});
