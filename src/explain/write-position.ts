import type { Position } from '../errors.ts';
import { writeText } from './write-text.ts';

/** `behalf.yaml:3:7` */
export function writePosition({ file, line, column }: Position): string {
  return `${writeText(file)}:${line}:${column}`;
}
