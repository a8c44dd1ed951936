/**
 * Text on one line, in which nothing moves a terminal's cursor, ends a comment of Rego, or makes a line of its own: names
 * and values may come from anywhere.
 */
export function printable(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '\u{fffd}');
}
