import type { Refuse } from './kinds.ts';

/** Reads a name for people: some characters on one line. */
export function parseLabel(text: string, refuse: Refuse): string | undefined {
  return /^(?=.*\S)[^\p{Cc}\p{Cf}\u2028\u2029]{1,60}$/u.test(text) ? text : refuse();
}
