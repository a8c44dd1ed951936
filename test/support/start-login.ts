import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Run } from './run-behalf.ts';
import { BEHALF } from './start-behalf.ts';

export interface Login {
  /** The address that somebody is to open. */
  readonly url: Promise<string>;
  readonly ended: Promise<Run>;
}

/**
 * Runs `behalf login`, as a user does.
 *
 * @param path where its programs are, the one that opens a browser among them: of itself it opens none
 */
export function startLogin(args: readonly string[], { cwd = '.', path = '' } = {}): Login {
  const [program, ...rest] = BEHALF;
  const child = spawn(program, [...rest, 'login', ...args], {
    cwd,
    env: { ...process.env, PATH: path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const outputs = Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return {
    url: findUrl(child.stderr),
    ended: outputs.then(([stdout, stderr, [exitCode]]) => ({ exitCode, stdout, stderr })),
  };
}

/** Of the first line that is nothing else. Rejects with all that was said where there is none. */
function findUrl(stderr: Readable): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let said = '';
  stderr.on('data', (chunk) => {
    said += chunk;
    const [, url] = /^(http\S+)\n/m.exec(said) ?? [];
    if (url !== undefined) resolve(url);
  });
  stderr.once('end', () => reject(new Error(said)));
  promise.catch(() => {});
  return promise;
}
