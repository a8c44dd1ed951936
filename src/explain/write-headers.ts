import type { Decision } from '../engine/documents.ts';
import type { Paint } from './paint.ts';
import { writeText } from './write-text.ts';
import { type Branch, writeTree } from './write-tree.ts';
import { writeValue } from './write-value.ts';

type Action = (Decision['request_headers'] | Decision['response_headers'])[number];

/** What is done to headers, in this order, with the claims of assertions; "" where nothing is. */
export function writeHeaders(whose: 'request' | 'response', actions: readonly Action[], paint: Paint): string {
  if (actions.length === 0) return '';
  return `${paint('bold', `${whose} headers`)}\n${writeTree(actions.map(writeAction))}`;
}

function writeAction({ action, name, ...rest }: Action): Branch {
  const { value, claims, ...others } = rest as { readonly value?: unknown; readonly claims?: object };
  const details = Object.entries(others).map(([key, detail]) => `  ${key} ${writeValue(detail)}`);
  const parts = value === undefined ? [] : [value].flat();
  const signed = [claims, ...parts.map((part) => (isSigned(part) ? part.sign : undefined))];
  const text = parts.length === 0 ? '' : `: ${parts.map(writePart).join('')}`;
  return {
    text: `${action} ${writeText(name)}${text}${details.join('')}`,
    branches: signed.flatMap((each = {}) =>
      Object.entries(each)
        .toSorted()
        .map(([claim, said]) => ({ text: `${writeText(claim)} ${writeValue(said)}` })),
    ),
  };
}

/** A text of the configuration has a number there, and is not said here either: it may be secret. */
function writePart(part: unknown): string {
  if (typeof part === 'string') return writeText(part);
  if (isSigned(part)) return '(an assertion of these claims)';
  if (typeof part === 'object' && part !== null && 'config' in part) return '(as the configuration has it)';
  return `(${writeValue(part)})`;
}

function isSigned(part: unknown): part is { readonly sign: object } {
  return typeof part === 'object' && part !== null && 'sign' in part;
}
