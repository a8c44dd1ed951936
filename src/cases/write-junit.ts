import { writePosition } from '../errors.ts';
import type { Result } from './result.ts';
import { writeDifference } from './write-difference.ts';

/** Results as JUnit's XML, as CI servers read it: a suite a file. */
export function writeJunit(results: readonly Result[]): string {
  const suites = Map.groupBy(results, ({ position }) => position.file);
  const count = (of: readonly Result[], outcome: Result['outcome']) =>
    of.filter((result) => result.outcome === outcome).length;
  const counts = (of: readonly Result[]) =>
    `tests="${of.length}" failures="${count(of, 'failed')}" errors="0" skipped="${count(of, 'skipped')}"`;
  const written = [...suites].flatMap(([file, of]) => [
    `  <testsuite name="${escapeXml(file)}" ${counts(of)}>`,
    ...of.map(writeCase),
    '  </testsuite>',
  ]);
  return `${['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites name="behalf" ${counts(results)}>`, ...written, '</testsuites>'].join('\n')}\n`;
}

function writeCase({ name, position, outcome, note, mismatches }: Result): string {
  const { file, line } = position;
  const open = `    <testcase classname="${escapeXml(file)}" name="${escapeXml(name)}" file="${escapeXml(file)}" line="${line}"`;
  if (outcome === 'passed') return `${open}/>`;
  if (outcome === 'skipped') return `${open}><skipped message="${escapeXml(note)}"/></testcase>`;
  const lines = mismatches.flatMap((mismatch) => [
    `${mismatch.subject} (${writePosition(mismatch.position)})`,
    ...writeDifference(mismatch).map(({ sign, text }) => `  ${sign} ${text}`),
  ]);
  return `${open}><failure message="${escapeXml(note)}">${escapeXml(lines.join('\n'))}</failure></testcase>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Readers make spaces of those in attributes (section 3.3.3).
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** XML 1.0 has no place for most control characters, nor for half a surrogate pair, not even escaped (section 2.2). */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? character);
}
