import { extname, join } from 'node:path';
import { isSea } from 'node:sea';

/** `main.ts`, or `main.js` in the npm package, where all code lies in one folder. */
const MAIN = join(import.meta.dirname, `main${extname(import.meta.filename)}`);

/**
 * The program, and the first of its arguments, that run Behalf once more, as a process of its own. The single-file binary
 * has its Node options inside; elsewhere `execArgv` are those.
 */
export function ownCommand(execArgv: readonly string[]): readonly [string, ...string[]] {
  return isSea() ? [process.execPath] : [process.execPath, ...execArgv, MAIN];
}
