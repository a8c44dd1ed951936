/** What one part of the bench found. */
export interface Report {
  readonly title: string;
  /** What was done, in a line or two, and what was left out. */
  readonly notes: readonly string[];
  /** Each with the same keys, which are the columns. */
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly bars: readonly Bar[];
}

/** The most that something may be, as the issues ask for it. */
export interface Bar {
  readonly what: string;
  readonly value: number;
  readonly atMost: number;
}

export function writeReport({ title, notes, rows, bars }: Report): string {
  return [title, ...notes.map((note) => `  ${note}`), '', ...writeRows(rows), '', ...bars.map(writeBar), ''].join('\n');
}

function writeRows(rows: Report['rows']): string[] {
  const columns = Object.keys(rows[0] ?? {});
  const lines = [columns, ...rows.map((row) => columns.map((column) => writeCell(row[column])))];
  const widths = columns.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines.map((line) =>
    line
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
      .join('  ')
      .replace(/^/, '  '),
  );
}

function writeBar({ what, value, atMost }: Bar): string {
  return `  ${value <= atMost ? 'holds' : 'MISSED'}  ${what}: ${writeCell(value)}, at most ${atMost}`;
}

function writeCell(value: string | number | undefined): string {
  return typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value ?? '');
}
