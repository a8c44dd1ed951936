import { BehalfError, writeProblem } from '../../src/errors.ts';

/** What is wrong with a configuration, a line a problem; of an error only one that is ERR_CONFIG_INVALID will do. */
export function problemsOf(load: () => unknown): readonly string[] {
  try {
    load();
  } catch (error) {
    if (!(error instanceof BehalfError) || error.code !== 'ERR_CONFIG_INVALID') throw error;
    return error.problems.map(writeProblem);
  }
  return [];
}
