import { readAsset } from '../assets.ts';
import { BehalfError } from '../errors.ts';

/** The bytes of a file that the Makefile has Go build: `build/opa.wasm`, or what tells one build of it from another. */
export function readBuilt(name: 'build/opa.wasm' | 'build/opa.id'): Uint8Array {
  try {
    return readAsset(name);
  } catch (cause) {
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = missing ? `is missing: run make ${name}` : 'cannot be read';
    throw new BehalfError('ERR_OPA_FAILED', `${name} ${why}`, { cause });
  }
}
