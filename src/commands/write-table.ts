import { escapeControls } from '../escape-controls.ts';

/** Rows for people and for `cut`: a line each, fields between tabs. */
export function writeTable(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(escapeControls).join('\t')}\n`).join('');
}
