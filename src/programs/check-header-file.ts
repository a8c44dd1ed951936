import { accessSync, constants, lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { BehalfError } from '../errors.ts';

/**
 * Whether a header could be written there, before somebody is asked for it.
 *
 * @throws BehalfError ERR_LOGIN_FAILED
 */
export function checkHeaderFile(file: string): void {
  const refuse = (why: string): never => {
    throw new BehalfError('ERR_LOGIN_FAILED', `the header cannot be written: ${why}`);
  };
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK);
  } catch (error) {
    refuse((error as Error).message);
  }
  if (lstatSync(file, { throwIfNoEntry: false })?.isDirectory()) refuse(`${JSON.stringify(file)} is a folder`);
}
