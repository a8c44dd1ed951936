import { RE2JS, RE2JSSyntaxException } from 're2js';
import type { PathMatch } from './config.ts';
import type { Refuse } from './kinds.ts';
import { quote } from './quote.ts';

/** Reads a regular expression of RE2, which has no look-around and no back-references, and takes linear time. */
export function parseRegex(text: string, refuse: Refuse): PathMatch | undefined {
  try {
    RE2JS.compile(text);
    return { kind: 'regex', value: text };
  } catch (cause) {
    if (!(cause instanceof RE2JSSyntaxException)) throw cause;
    const culprit = cause.getPattern();
    return refuse(
      `must be a regular expression of RE2; ${cause.getDescription()}${culprit ? `: ${quote(culprit)}` : ''}`,
    );
  }
}
