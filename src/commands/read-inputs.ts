import type { Route } from '../config/config.ts';
import { parseJson } from '../decision-log/parse-json.ts';
import { parseLine } from '../decision-log/parse-line.ts';
import type { InputDocument } from '../engine/documents.ts';
import { parseInput } from '../engine/parse-input.ts';
import { BehalfError } from '../errors.ts';
import { readLines } from '../replay/read-lines.ts';

export interface ReadInput {
  readonly input: InputDocument;
  /** Null but for a line of a decision log. */
  readonly requestId: string | null;
  /** Places in the input where the log has something else than what was decided on. */
  readonly masked: readonly string[];
}

/**
 * Reads JSON lines: those of a decision log, whose routes are found by their names, or input documents as `behalf decide`
 * takes them.
 *
 * @param file `-` for stdin
 * @param requestId of the one line of a decision log that is wanted; null for all lines
 * @throws BehalfError ERR_LOG_UNREADABLE; ERR_INPUT_INVALID with the place of a line that cannot be read, and where there
 *   is no such line
 */
export async function* readInputs(
  file: string,
  requestId: string | null,
  routes: readonly Route[],
): AsyncGenerator<ReadInput> {
  let line = 0;
  let found = 0;
  try {
    for await (const { number, text } of readLines(file)) {
      line = number;
      if (requestId !== null && !text?.includes(requestId)) continue;
      const read = parse(text, routes);
      if (requestId !== null && read.requestId !== requestId) continue;
      found += 1;
      yield read;
    }
  } catch (error) {
    throw locate(error, file, line);
  }
  if (found === 0) {
    const which = requestId === null ? 'line' : `line with the request id ${JSON.stringify(requestId)}`;
    throw locate(new BehalfError('ERR_INPUT_INVALID', `there is no ${which}`), file, line);
  }
}

function parse(text: string | null, routes: readonly Route[]): ReadInput {
  if (text === null) throw new BehalfError('ERR_INPUT_INVALID', 'the line is longer than 1 MiB');
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || !('input' in value)) {
    return { input: parseInput(value, routes), requestId: null, masked: [] };
  }
  const { input, route, request_id, masked } = parseLine(text);
  return { input: { ...input, route: findRoute(route, routes) }, requestId: request_id, masked };
}

/** Ids are given anew whenever routes change places. */
function findRoute(name: string | null, routes: readonly Route[]): InputDocument['route'] {
  if (name === null) return { id: '', name: '' };
  const found = routes.find((route) => route.name === name);
  if (found !== undefined) return { id: found.id, name };
  throw new BehalfError('ERR_INPUT_INVALID', `this configuration has no route ${JSON.stringify(name)}`);
}

function locate(error: unknown, file: string, line: number): unknown {
  if (!(error instanceof BehalfError) || error.code !== 'ERR_INPUT_INVALID') return error;
  const position = { file: file === '-' ? 'stdin' : file, line: Math.max(line, 1), column: 1 };
  const problems = [{ severity: 'error' as const, position, message: error.message }];
  return new BehalfError('ERR_INPUT_INVALID', error.message, { problems, cause: error });
}
