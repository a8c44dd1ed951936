import { styleText } from 'node:util';
import { findRefusal } from '../cases/find-refusal.ts';
import { imagineInput } from '../cases/imagine-input.ts';
import type { Imagined } from '../cases/imagine-request.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { InputDocument } from '../engine/documents.ts';
import { BehalfError, ERROR_STATUS } from '../errors.ts';
import { escapeControls } from '../escape-controls.ts';
import type { Explanation } from '../explain/explanation.ts';
import { openExplainer } from '../explain/open-explainer.ts';
import type { Paint } from '../explain/paint.ts';
import { writeExplanation } from '../explain/write-explanation.ts';
import { refusalOfError } from '../proxy/refusal.ts';
import { parseImagined } from './parse-imagined.ts';
import { parseOptions } from './parse-options.ts';
import { readInputs } from './read-inputs.ts';

const text = { type: 'string' } as const;
const texts = { type: 'string', multiple: true } as const;

const REQUEST = {
  as: text,
  'as-service-account': text,
  for: text,
  'for-service-account': text,
  'for-error': text,
  id: text,
  group: texts,
  claim: texts,
  header: texts,
  ip: text,
  at: text,
} as const;

const OPTIONS = { ...REQUEST, line: text, 'request-id': text, json: { type: 'boolean' } } as const;

export async function explain(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(args, OPTIONS, 2);
  const { line, 'request-id': requestId, json = false } = values;
  const imagined = line === undefined ? parseImagined(positionals, values) : null;
  const extra = [...positionals, ...Object.keys(REQUEST).filter((name) => name in values)];
  if (line !== undefined && extra.length > 0) {
    throw new BehalfError('ERR_USAGE', `--line says what the request was: leave out ${JSON.stringify(extra[0])}`);
  }
  if (line === undefined && requestId !== undefined) {
    throw new BehalfError('ERR_USAGE', '--request-id picks a line of a decision log: it needs --line');
  }
  const { config } = await loadConfig(values.config);
  const input = imagined && imagine(config, imagined);
  const explainer = await openExplainer(config);
  const print = (input: InputDocument) => {
    const explanation = explainer.explain(input);
    const refusal = findRefusal(config, input, explanation.decision, explainer.headerTexts);
    process.stdout.write(json ? writeJson(explanation, input, refusal) : writeLines(explanation, input, refusal));
  };
  if (input !== null) print(input);
  for await (const read of line === undefined ? [] : readInputs(line, requestId ?? null, config.routes)) {
    if (read.masked.length > 0) {
      process.stderr.write(
        `behalf: the log does not say what stood in ${read.masked.map(escapeControls).join(', ')}\n`,
      );
    }
    print(read.input);
  }
  return 0;
}

function imagine(config: Config, imagined: Imagined): InputDocument {
  try {
    return imagineInput(config, imagined);
  } catch (error) {
    const status = error instanceof BehalfError ? ERROR_STATUS[error.code] : null;
    if (!(error instanceof BehalfError) || status === null) throw error;
    const message = `the proxy refuses this request with ${status}, and asks no policy: ${error.message}`;
    throw new BehalfError(error.code, message, { cause: error });
  }
}

function writeJson(explanation: Explanation, input: InputDocument, refused: BehalfError | null): string {
  const refusal = refused && { ...refusalOfError(refused), message: refused.message };
  return `${escapeControls(JSON.stringify({ input, ...explanation, refusal }))}\n`;
}

/** With colours where stdout is a terminal. */
function writeLines(explanation: Explanation, input: InputDocument, refused: BehalfError | null): string {
  const paint: Paint = (style, text) => styleText(style, text, { stream: process.stdout });
  const text = writeExplanation(explanation, input, paint);
  if (refused === null) return `${text}\n`;
  const status = ERROR_STATUS[refused.code];
  return `${text}\n${paint('red', `the proxy refuses it all the same with ${status}: ${escapeControls(refused.message)}`)}\n\n`;
}
