import type { Position } from '../errors.ts';

/**
 * Tells line and column, in UTF-16 units, of an offset in a text; one beyond the text is its end.
 *
 * Not the `LineCounter` of the yaml package, which leaves out the lines that its lexer skips in a broken text.
 */
export function locateIn(text: string, file: string): (offset: number) => Position {
  const starts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
  return (offset) => {
    const at = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle;
    }
    return { file, line: low + 1, column: at - (starts[low] ?? 0) + 1 };
  };
}
