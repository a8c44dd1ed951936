import { locateRego } from '../config/locate-rego.ts';
import { BehalfError, type Problem, writePosition, writeProblem } from '../errors.ts';
import type { WrittenRego } from './write-rego.ts';

const PLACE = /\b(rego\/m_[0-9a-f]{16}\.rego):(\d+)/g;

/**
 * The compiler's error with each place in an author's module where that author wrote it, and then with those places alone:
 * what it finds wrong elsewhere comes from them. Any other error as it is.
 */
export function placeProblems(
  error: unknown,
  { authored, authoredSources }: Pick<WrittenRego, 'authored' | 'authoredSources'>,
): unknown {
  if (!(error instanceof BehalfError) || error.code !== 'ERR_COMPILE_FAILED') return error;
  const place = (path: string, line: number, column: number) => {
    const source = authoredSources[path];
    return source && locateRego(source, line, column);
  };
  const placed = error.problems.flatMap((problem): Problem[] => {
    const { file, line, column } = problem.position;
    const found = place(file, line, column);
    if (found === undefined) return [];
    const message = problem.message
      .replaceAll(`data.${authored[file]?.package}.`, '')
      .replaceAll(PLACE, (written, path, line) => {
        const other = place(path, Number(line), 1);
        return other === undefined ? written : writePosition(other.position);
      });
    return [{ ...problem, position: found.position, message: `${found.note}${message}` }];
  });
  if (placed.length === 0) return error;
  const lines = placed.map(writeProblem).join('\n');
  return new BehalfError('ERR_COMPILE_FAILED', `Rego does not compile: ${lines}`, { problems: placed, cause: error });
}
