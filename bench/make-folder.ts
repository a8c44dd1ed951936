import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the bench's own, at `path`, which goes when it is disposed of. */
export function makeFolder() {
  return mkdtempDisposable(join(tmpdir(), 'behalf-bench-'));
}
