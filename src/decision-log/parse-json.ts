import { BehalfError } from '../errors.ts';

/** @throws BehalfError ERR_INPUT_INVALID */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // V8's message quotes the text.
    throw new BehalfError('ERR_INPUT_INVALID', 'not JSON', { cause });
  }
}
