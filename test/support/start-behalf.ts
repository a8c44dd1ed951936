import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { startProcess } from '../../src/demo/start-process.ts';
import { lendPolicies } from './lend-policies.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { BEHALF_BINARY } = process.env;

/** Behalf's command line: the binary, from the repository's root, or the source tree, run by the Node that runs the tests. */
export const BEHALF: readonly [string, ...string[]] = BEHALF_BINARY
  ? [join(ROOT, BEHALF_BINARY)]
  : [process.execPath, join(ROOT, 'src/main.ts')];

export interface RunningBehalf extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** The configuration's file. */
  readonly config: string;
  readonly stateDir: string;
  /** Runs the real command, with options such as `--expires 90s`; resolves to the token. */
  createServiceAccount(id: string, ...options: string[]): Promise<string>;
  revokeServiceAccount(id: string, ...options: string[]): Promise<void>;
  /** What it has written to stderr, parsed, but for `slowDecisions`: on a busy machine any decision may be slow. */
  logLines(): Promise<Record<string, unknown>[]>;
  slowDecisions(): Promise<Record<string, unknown>[]>;
  /** SIGTERM; resolves to the exit code when it has ended. */
  stop(): Promise<number | null>;
}

/**
 * Runs `behalf serve` as a process with this configuration, in a temporary folder that goes with it.
 *
 * @param config YAML's keys; `address` (a free port), `insecure_server` and `state_dir` are given unless set
 * @param options further words of the command line
 */
export async function startBehalf(
  config: Readonly<Record<string, unknown>>,
  options: readonly string[] = [],
): Promise<RunningBehalf> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-test-'));
  const file = join(folder, 'behalf.yaml');
  const stateDir = join(folder, 'state');
  const log = join(folder, 'stderr.log');
  const defaults = { address: '127.0.0.1:0', insecure_server: true, state_dir: stateDir };
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ ...defaults, ...config }, null, 2));
  const giveBack = await lendPolicies(stateDir, config);

  const child = startProcess({
    name: 'behalf serve',
    command: [...BEHALF, 'serve', '--config', file, ...options],
    log,
  });
  const end = async () => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const readLines = async (areSlow: boolean): Promise<Record<string, unknown>[]> => {
    const lines = (await readFile(log, 'utf8')).split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line)).filter(({ message }) => (message === 'slow decision') === areSlow);
  };
  const serviceAccount = async (...args: string[]): Promise<string> => {
    const [program, ...rest] = [...BEHALF, 'service-account', ...args, '--config', file] as const;
    return (await promisify(execFile)(program, rest)).stdout.trim();
  };
  try {
    const url = await child.ready;
    await giveBack();
    return {
      url,
      pid: child.pid,
      config: file,
      stateDir,
      createServiceAccount: (id, ...options) => serviceAccount('create', id, ...options),
      revokeServiceAccount: async (id, ...options) => void (await serviceAccount('revoke', id, ...options)),
      logLines: () => readLines(false),
      slowDecisions: () => readLines(true),
      stop: () => child.stop(),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
