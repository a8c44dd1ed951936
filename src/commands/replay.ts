import { BehalfError } from '../errors.ts';
import { escapeControls } from '../escape-controls.ts';
import { startCompiler } from '../opa/start-compiler.ts';
import { openJudge } from '../replay/open-judge.ts';
import { type Report, replayLogs } from '../replay/replay-logs.ts';
import { writeReport } from '../replay/write-report.ts';
import { parseOptions } from './parse-options.ts';

export async function replay(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseOptions(
    args,
    { config: { type: 'string' }, json: { type: 'boolean' } },
    Number.POSITIVE_INFINITY,
  );
  const [oldFile, newFile, ...logs] = positionals;
  if (values.config !== undefined || oldFile === undefined || newFile === undefined || logs.length === 0) {
    throw new BehalfError('ERR_USAGE', 'it takes two configurations, the old one first, and at least one decision log');
  }
  await using compiler = startCompiler();
  const older = await openJudge(oldFile, compiler);
  const newer = await openJudge(newFile, compiler);
  const report = await replayLogs(older, newer, logs);
  process.stdout.write(values.json === true ? writeJson(report) : writeReport(report));
  // What was not judged may flip, so it is no proof that nothing does; nor is a log of nothing.
  const isProof = report.decisions > 0 && report.flipped + report.not_judged + report.bad_lines === 0;
  return isProof ? 0 : 1;
}

function writeJson(report: Report): string {
  const lines = JSON.stringify(report, null, 2).split('\n');
  return `${lines.map(escapeControls).join('\n')}\n`;
}
