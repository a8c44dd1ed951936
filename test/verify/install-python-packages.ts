import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';

/** No python3, no pip, no network, or no package for this platform. */
export class CannotInstall extends Error {}

/**
 * Installs what a requirements.txt pins into a folder of its own in `cache`, once. Needs python3 and pip, nothing else:
 * no venv, and nothing outside of `cache`.
 *
 * @returns the folder, for PYTHONPATH
 * @throws CannotInstall
 */
export async function installPythonPackages(requirements: string, cache: string): Promise<string> {
  const { stdout: version } = await run(['-c', 'import sys; print(sys.version, sys.platform)']);
  const hash = createHash('sha256')
    .update(version)
    .update(await readFile(requirements));
  const installed = `${cache}/python-${hash.digest('hex').slice(0, 16)}`;
  if (existsSync(installed)) return installed;

  await mkdir(cache, { recursive: true });
  const making = await mkdtemp(`${installed}-`);
  try {
    const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--no-warn-script-location'];
    const what = ['--no-deps', '--only-binary', ':all:', '--target', making, '--requirement', requirements];
    await run(['-m', 'pip', 'install', ...quiet, ...what]);
    // In one step, so that a run that was cut off leaves nothing that looks installed.
    await rename(making, installed);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return installed;
}

function run(args: readonly string[]): Promise<{ stdout: string }> {
  return promisify(execFile)('python3', args).catch((cause: Error) => {
    throw new CannotInstall(cause.message, { cause });
  });
}
