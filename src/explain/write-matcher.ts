import { escapeControls } from '../escape-controls.ts';
import { writeValue } from './write-value.ts';

/** A criterion as it is written, as in `domain is "example.com"`. */
export function writeMatcher(key: string, matcher: unknown): string {
  const name = escapeControls(key);
  if (matcher === null || matcher === true) return name;
  if (typeof matcher !== 'object' || Array.isArray(matcher)) return `${name}: ${writeValue(matcher)}`;
  const operators = Object.entries(matcher).map(([operator, operand]) => `${operator} ${writeValue(operand)}`);
  return `${name} ${operators.join(', ')}`;
}
