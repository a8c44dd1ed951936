import { randomBytes } from 'node:crypto';
import { loadStateFile } from './load-state-file.ts';

const LENGTH = 32;

/**
 * The 32 bytes that all symmetric keys are derived from: `given`, or those of `shared-secret` under the state folder
 * (standard base64 and a newline, as the configuration's `shared_secret` takes them), made where missing.
 * Throws ERR_STATE_UNUSABLE.
 */
export function loadSharedSecret(stateDir: string, given: Uint8Array | null): Uint8Array {
  if (given === null) return loadStateFile(stateDir, 'shared-secret', () => write(randomBytes(LENGTH)), parse);
  if (given.byteLength !== LENGTH) throw new TypeError(`sharedSecret must be ${LENGTH} bytes`);
  return given;
}

function write(secret: Buffer): string {
  return `${secret.toString('base64')}\n`;
}

function parse(text: string): Uint8Array | null {
  const secret = Buffer.from(text, 'base64');
  return secret.byteLength === LENGTH && write(secret) === text ? secret : null;
}
