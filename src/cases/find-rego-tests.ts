import { locateIn } from '../config/locate-in.ts';
import type { Position } from '../errors.ts';

/** A rule of a test file that OPA takes for a test. */
export interface RegoTest {
  readonly name: string;
  /** As in `app/access_test/test_allows`. */
  readonly entrypoint: string;
  readonly position: Position;
  /** Whether its name begins with `todo_`, with which OPA leaves tests out. */
  readonly isToDo: boolean;
}

const PACKAGE = /^package[ \t]+([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)/m;
/** A rule's head begins its line, as `opa fmt` has it; a function is no test. */
const TEST = /^((?:todo_)?test_\w*)(?![\w(])/gm;

/** The tests of a module; a rule that is written in several parts is one. */
export function findRegoTests(text: string, file: string): readonly RegoTest[] {
  const path = PACKAGE.exec(text)?.[1]?.replaceAll('.', '/') ?? '';
  const locate = locateIn(text, file);
  const tests = new Map<string, RegoTest>();
  for (const { 1: name = '', index } of text.matchAll(TEST)) {
    if (tests.has(name)) continue;
    const test = { name, entrypoint: `${path}/${name}`, position: locate(index), isToDo: name.startsWith('todo_') };
    tests.set(name, test);
  }
  return [...tests.values()];
}
