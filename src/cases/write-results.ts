import { styleText } from 'node:util';
import { writePosition } from '../errors.ts';
import { escapeControls } from '../escape-controls.ts';
import type { Result } from './result.ts';
import { writeDifference } from './write-difference.ts';

type Style = Parameters<typeof styleText>[0];

/**
 * Results for people: what failed and how, what was skipped and why, and a line that counts. What passed is counted
 * only.
 *
 * @param colours whether the text is for a terminal
 */
export function writeResults(results: readonly Result[], colours: boolean): string {
  const paint = (style: Style, text: string) => (colours ? styleText(style, text, { validateStream: false }) : text);
  const count = (outcome: Result['outcome']) => results.filter((result) => result.outcome === outcome).length;
  const failed = count('failed');
  const counts = [`${count('passed')} passed`, `${failed} failed`, `${count('skipped')} skipped`];
  const blocks = results.flatMap((result) => writeResult(result, paint));
  return `${[...blocks, paint(failed > 0 ? 'red' : 'green', counts.join(', '))].join('\n')}\n`;
}

function writeResult(
  { name, position, outcome, note, mismatches }: Result,
  paint: (style: Style, text: string) => string,
): string[] {
  switch (outcome) {
    case 'passed':
      return [];
    case 'skipped':
      return [
        `${paint('yellow', 'skipped')} ${writePosition(position)}: ${escapeControls(name)}${note && `: ${escapeControls(note)}`}`,
      ];
    case 'failed': {
      const head = `${paint('red', 'failed')} ${writePosition(position)}: ${paint('bold', escapeControls(name))}`;
      const lines = mismatches.flatMap((mismatch) => [
        `    ${escapeControls(mismatch.subject)} (${writePosition(mismatch.position)})`,
        ...writeDifference(mismatch).map(({ sign, text }) =>
          paint(STYLES[sign], `      ${sign} ${escapeControls(text)}`),
        ),
      ]);
      return [head, `    ${escapeControls(note)}`, ...lines, ''];
    }
  }
}

const STYLES = { '-': 'red', '+': 'green', ' ': 'reset' } as const;
