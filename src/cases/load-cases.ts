import { MAX_FILE_BYTES } from '../config/parse-yaml.ts';
import { readText } from '../config/read-text.ts';
import { BehalfError, type Problem, writeProblem } from '../errors.ts';
import { parseCases } from './parse-cases.ts';
import type { TestCase } from './test-case.ts';

/** Reads files of cases. @throws BehalfError ERR_CONFIG_INVALID with every problem of every file */
export function loadCases(files: readonly string[]): readonly TestCase[] {
  const problems: Problem[] = [];
  const cases = files.flatMap((file) => {
    const reading = readText(file, MAX_FILE_BYTES);
    if ('text' in reading) return parse(reading.text, file, problems);
    const position = { file, line: 1, column: 1 };
    problems.push({ severity: 'error', position, message: `cannot be read: ${reading.failure}` });
    return [];
  });
  if (problems.length === 0) return cases;
  throw new BehalfError('ERR_CONFIG_INVALID', problems.map(writeProblem).join('\n'), { problems });
}

function parse(text: string, file: string, problems: Problem[]): readonly TestCase[] {
  try {
    return parseCases(text, file);
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    problems.push(...error.problems);
    return [];
  }
}
