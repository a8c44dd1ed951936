import { BehalfError, type Position, type Problem, writeProblem } from '../errors.ts';

/** Where a parser says what is wrong; it goes on as well as it can, so that a user sees everything at once. */
export interface Problems {
  error(position: Position, message: string): undefined;
  warning(position: Position, message: string): undefined;
  /**
   * What was read, with the warnings sorted by position.
   *
   * @throws BehalfError ERR_CONFIG_INVALID with every problem, warnings too, where one of them is an error or `result`
   *   is undefined
   */
  finish<T>(result: T | undefined): { readonly result: T; readonly warnings: readonly Problem[] };
}

export function collectProblems(): Problems {
  // By its text: what is wrong behind an anchor is found once for every alias, and said once.
  const found = new Map<string, Problem>();
  const add = (problem: Problem): undefined => {
    found.set(writeProblem(problem), problem);
  };
  return {
    error: (position, message) => add({ severity: 'error', position, message }),
    warning: (position, message) => add({ severity: 'warning', position, message }),
    finish(result) {
      const problems = [...found.values()].sort(
        ({ position: a }, { position: b }) => a.line - b.line || a.column - b.column,
      );
      if (result === undefined || problems.some(({ severity }) => severity === 'error')) {
        throw new BehalfError('ERR_CONFIG_INVALID', problems.map(writeProblem).join('\n'), { problems });
      }
      return { result, warnings: problems };
    },
  };
}
