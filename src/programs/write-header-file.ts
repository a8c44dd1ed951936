import { randomUUID } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { BehalfError } from '../errors.ts';

/**
 * Writes the header with which programs show a token, as `curl -H @FILE` reads it, for the user's own eyes. The file is
 * there whole or not at all, and in place of whatever was there, not through it.
 *
 * @throws BehalfError ERR_LOGIN_FAILED
 */
export function writeHeaderFile(file: string, token: string): void {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, `Authorization: Bearer Pomerium-${token}\n`, { flag: 'wx', mode: 0o600 });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    throw new BehalfError('ERR_LOGIN_FAILED', `the header cannot be written: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
