import { execFileSync } from 'node:child_process';
import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { chownSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLibrary } from '../../src/compile/read-library.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { sendRequest } from '../../src/demo/send-request.ts';
import { startProcess } from '../../src/demo/start-process.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { BEHALF } from '../support/start-behalf.ts';
import { type Recorder, startRecorder } from '../support/start-recorder.ts';

// Who can write where compiled policies are kept, but has not the shared secret, wants the proxy to allow everything.

const SECRET = randomBytes(32);

let folder: string;
let config: string;
let cache: string;
let upstream: Recorder;
/** The name and the bytes of the file that the proxy itself made for this configuration. */
let name: string;
let honest: Buffer;
/** The same library and the same policies by name, but every one of them allows. */
let allowAll: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-test-'));
  config = join(folder, 'behalf.yaml');
  cache = join(folder, 'state/cache');
  upstream = await startRecorder();
  const route = {
    name: 'api',
    from: 'http://api.localhost',
    to: upstream.url,
    policy: [{ allow: { or: [{ http_path: '/ok' }] } }],
  };
  const file = {
    address: '127.0.0.1:0',
    insecure_server: true,
    state_dir: join(folder, 'state'),
    shared_secret: SECRET.toString('base64'),
    routes: [route],
  };
  await writeFile(config, JSON.stringify(file));
  expect(await serve()).toEqual({ attack: 403, honest: 200, warnings: [] });
  [name = ''] = readdirSync(cache);
  honest = readFileSync(join(cache, name));
  allowAll = await compileAllowAll();
});

afterAll(async () => {
  await upstream?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function compileAllowAll(): Promise<Uint8Array> {
  const { modules, capabilities } = readLibrary();
  const written = writeRego((await loadConfig(config)).config).modules;
  const open = Object.entries(written).map(([path, rego]) => {
    expect(rego).toContain('criteria.http_path({"is": "/ok"})');
    return [path, rego.replace('criteria.http_path({"is": "/ok"})', 'criteria.accept')];
  });
  await using compiler = startCompiler();
  return await compiler.compile({
    modules: { ...modules, ...Object.fromEntries(open) },
    entrypoints: ['behalf/main/decision'],
    capabilities,
  });
}

/** A file of the cache: the seal of this module under this name, then the module. */
function seal(wasm: Uint8Array, { secret = SECRET, info = 'behalf/v1/policy-cache', as = name } = {}): Buffer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', info, 32));
  const mac = createHmac('sha256', key).update(as.replace('.wasm', ''), 'hex').update(wasm).digest();
  return Buffer.concat([mac, wasm]);
}

const plant = (bytes: Uint8Array, path = join(cache, name)) => writeFile(path, bytes, { mode: 0o600 });

/** Starts the proxy, asks for what the policy denies and for what it allows, and ends it. */
async function serve() {
  const log = join(folder, 'stderr.log');
  rmSync(log, { force: true });
  await using proxy = startProcess({ name: 'behalf serve', command: [...BEHALF, 'serve', '--config', config], log });
  const ask = async (path: string) =>
    (await sendRequest({ address: await proxy.ready, host: 'api.localhost', path })).status;
  const statuses = { attack: await ask('/secret'), honest: await ask('/ok') };
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean);
  // On a machine with much else to do, the first decision may be slow.
  const isOfCache = ({ level, message }: Record<string, string>) => level === 'warn' && message !== 'slow decision';
  const warnings = lines.map((line) => JSON.parse(line)).filter(isOfCache);
  return { ...statuses, warnings: warnings.map(({ message }) => message.replace(folder, '')) };
}

const damaged = 'it is damaged, or nothing that was put there with this shared_secret';
const strange = "it is not a file of this user's alone";

type Attack = readonly [attack: () => unknown, why: string];

const CONTENTS: Record<string, Attack> = {
  'a module that allows everything, with no seal': [() => plant(allowAll), damaged],
  'under the honest seal': [() => plant(Buffer.concat([honest.subarray(0, 32), allowAll])), damaged],
  'sealed with another secret': [() => plant(seal(allowAll, { secret: randomBytes(32) })), damaged],
  'sealed with the key of tokens': [() => plant(seal(allowAll, { info: 'behalf/v1/service-account' })), damaged],
  'sealed for another configuration': [() => plant(seal(allowAll, { as: `${'0'.repeat(64)}.wasm` })), damaged],
  'a flipped bit': [() => plant(Buffer.concat([honest.subarray(0, -1), Buffer.of((honest.at(-1) ?? 0) ^ 1)])), damaged],
  'cut short': [() => truncateSync(join(cache, name), 1000), damaged],
};

const FILES: Record<string, Attack> = {
  'a symbolic link to /etc/passwd': [() => link('/etc/passwd'), 'ELOOP'],
  'a symbolic link to what is well sealed': [
    async () => {
      await plant(seal(allowAll), join(folder, 'elsewhere'));
      link(join(folder, 'elsewhere'));
    },
    'ELOOP',
  ],
  'a pipe that nobody writes to': [
    () => {
      rmSync(join(cache, name));
      execFileSync('mkfifo', ['-m', '600', join(cache, name)]);
    },
    strange,
  ],
  'well sealed, but open to others': [() => plant(seal(allowAll)).then(() => chmod(join(cache, name), 0o606)), strange],
};
if (process.geteuid?.() === 0) {
  const give = async () => {
    await plant(seal(allowAll));
    chownSync(join(cache, name), 12345, 12345);
  };
  FILES["well sealed, but another user's"] = [give, strange];
}

function link(to: string): void {
  rmSync(join(cache, name));
  symlinkSync(to, join(cache, name));
}

describe.each([
  ['contents that the proxy has not sealed', CONTENTS],
  ["a file that is not the proxy's own", FILES],
])('%s: compiled anew, decided as the configuration says, and put right', (_, attacks) => {
  test.each(Object.entries(attacks))('%s', async (_, [attack, why]) => {
    await attack();
    const warning = `"/state/cache/${name}" is compiled anew: ${why}`;
    expect(await serve()).toEqual({ attack: 403, honest: 200, warnings: [warning] });
    expect(readFileSync(join(cache, name))).toEqual(honest);
    expect(statSync(join(cache, name))).toMatchObject({ uid: process.geteuid?.(), mode: 0o100600 });
  });

  test('the twin: what the secret itself has sealed is served, and not compiled', async () => {
    await plant(seal(allowAll));
    const { ino } = statSync(join(cache, name));
    expect(await serve()).toEqual({ attack: 200, honest: 200, warnings: [] });
    expect(statSync(join(cache, name)).ino).toBe(ino);
    await plant(honest);
  });
});

describe('a folder of somebody else is refused', () => {
  const FOLDERS: Record<string, () => Promise<unknown>> = {
    'open to others': () => mkdir(cache, { mode: 0o777 }).then(() => chmod(cache, 0o777)),
    'a symbolic link to one that is well sealed': async () => {
      await rm(join(folder, 'elsewhere'), { recursive: true, force: true });
      await mkdir(join(folder, 'elsewhere'), { mode: 0o700 });
      await plant(seal(allowAll), join(folder, 'elsewhere', name));
      symlinkSync(join(folder, 'elsewhere'), cache);
    },
  };
  test.each(Object.entries(FOLDERS))('%s', async (_, attack) => {
    await rename(cache, `${cache}.kept`);
    await attack();
    await expect(serve()).rejects.toMatchObject({
      message: expect.stringContaining(`"${cache}" is not a folder of this user's alone: remove it`),
    });
    await rm(cache, { recursive: true });
    await rename(`${cache}.kept`, cache);
    expect(await serve()).toEqual({ attack: 403, honest: 200, warnings: [] });
  });
});
