import { parseArgs } from 'node:util';
import { measureChanges } from './change.ts';
import { measureCompile } from './compile.ts';
import { measureDecide } from './decide.ts';
import { compareMeanings } from './meaning.ts';
import { measureReloads } from './reload.ts';
import { writeReport } from './report.ts';
import { measureRequests } from './request.ts';
import { measureSessions } from './session.ts';
import { measureStart } from './start.ts';

const PARTS = {
  decide: measureDecide,
  request: measureRequests,
  session: measureSessions,
  start: measureStart,
  reload: measureReloads,
  compile: measureCompile,
  change: measureChanges,
  meaning: compareMeanings,
} as const;

/** `node bench/bench.ts [--json] [PART...]`: all parts unless told; exit 1 where a bar is missed. */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !Object.hasOwn(PARTS, name));
if (unknown.length > 0) throw new TypeError(`no part of the bench is called ${unknown.join(', ')}`);

for (const [name, measure] of Object.entries(PARTS)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const report = await measure();
  process.stdout.write(values.json ? `${JSON.stringify({ part: name, ...report })}\n` : `${writeReport(report)}\n`);
  if (report.bars.some(({ value, atMost }) => !(value <= atMost))) process.exitCode = 1;
}
