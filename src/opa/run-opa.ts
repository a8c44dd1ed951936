import { loadOpa, OpaExit } from './load-opa.ts';

/**
 * Runs OPA's command line, whole, over this process's standard streams and files; `args` without the program's name.
 * Gives OPA's exit code. Blocks the event loop while OPA runs. ERR_OPA_FAILED where OPA cannot be loaded.
 */
export async function runOpa(args: readonly string[]): Promise<number> {
  const opa = await loadOpa(args);
  try {
    return opa.run();
  } catch (error) {
    if (error instanceof OpaExit) return error.exitCode;
    throw error;
  }
}
