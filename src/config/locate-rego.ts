import type { Position } from '../errors.ts';
import type { RegoSource } from './config.ts';

/**
 * Where the author of a module finds `line` and `column` of its text, both from 1. Where the configuration holds the whole
 * text as one value, `note` says the line instead, to be put before a message.
 */
export function locateRego(
  { position, kind, skipped }: RegoSource,
  line: number,
  column: number,
): { readonly position: Position; readonly note: string } {
  const own = Math.max(line - skipped, 1);
  if (kind === 'value') return { position, note: `line ${own} of this Rego: ` };
  const at = line > skipped ? column : 1;
  return { position: { ...position, line: position.line + own - 1, column: position.column + at - 1 }, note: '' };
}
