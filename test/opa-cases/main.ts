import { readCases } from './read-cases.ts';
import { runCases } from './run-cases.ts';

/** How many must pass: what is refused is counted, and grows with nothing but what docs/builtins.md names. */
const LEAST_PASSED = 2150;

// `node test/opa-cases/main.ts [TEXT]`: those alone with TEXT in the names of their files.
const [, , text = ''] = process.argv;
const cases = readCases().filter(({ file }) => file.includes(text));
const results = await runCases(cases);
const wrong = results.filter(({ kind }) => kind === 'wrong');
const passed = results.filter(({ kind }) => kind === 'passed').length;

const reasons = results.flatMap((result) => (result.kind === 'refused' ? [writeReason(result.why)] : []));
for (const [reason, same] of Object.entries(Object.groupBy(reasons, (reason) => reason))) {
  console.info(`refused: ${same?.length} ${reason}`);
}
for (const result of results) {
  if (result.kind === 'wrong') console.info(`wrong: ${result.opaCase.file}: ${result.opaCase.note}: ${result.why}`);
}
console.info(`${passed} passed, ${reasons.length} refused, ${wrong.length} wrong, of ${cases.length}`);
if (wrong.length > 0 || (text === '' && passed < LEAST_PASSED)) process.exitCode = 1;

/** The first message, without its place and what is the case's own. */
function writeReason(why: string): string {
  const [first = ''] = why.replace(/^Rego does not compile: /, '').split('\n');
  return first.replace(/^\S+:\d+:\d+: /, '').replace(/(argument|var) \w+/, '$1');
}
