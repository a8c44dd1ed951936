import type { Decision } from '../engine/documents.ts';
import { escapeControls } from '../escape-controls.ts';
import type { Paint } from './paint.ts';
import { type Branch, writeTree } from './write-tree.ts';
import { writeValue } from './write-value.ts';

type Action = (Decision['request_headers'] | Decision['response_headers'])[number];

/** What is done to headers, in this order, with the claims of assertions; "" where nothing is. */
export function writeHeaders(whose: 'request' | 'response', actions: readonly Action[], paint: Paint): string {
  if (actions.length === 0) return '';
  return `${paint('bold', `${whose} headers`)}\n${writeTree(actions.map(writeAction))}`;
}

function writeAction({ action, name, ...rest }: Action): Branch {
  const { value, prefix, claims, ...others } = rest as { value?: unknown; prefix?: unknown; claims?: object };
  const details = Object.entries(others).map(([key, detail]) => `  ${key} ${writeValue(detail)}`);
  const signed = [claims, ...listParts(value).map((part) => (isSigned(part) ? part.sign : undefined))];
  const texts = [prefix, value].map((each) => listParts(each).map(writePart).join('')).filter((each) => each !== '');
  const text = texts.length === 0 ? '' : `: ${texts.join(' -> ')}`;
  return {
    text: `${action} ${escapeControls(name)}${text}${details.join('')}`,
    branches: signed.flatMap((each = {}) =>
      Object.entries(each)
        .toSorted()
        .map(([claim, said]) => ({ text: `${escapeControls(claim)} ${writeValue(said)}` })),
    ),
  };
}

function listParts(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [value].flat();
}

/** A text of the configuration has a number there, and is not said here either: it may be secret. */
function writePart(part: unknown): string {
  if (typeof part === 'string') return escapeControls(part);
  if (isSigned(part)) return '(an assertion of these claims)';
  if (typeof part !== 'object' || part === null) return `(${writeValue(part)})`;
  if ('config' in part) return '(as the configuration has it)';
  if ('bytes' in part) return escapeControls(String(part.bytes));
  return `(${writeValue(part)})`;
}

function isSigned(part: unknown): part is { readonly sign: object } {
  return typeof part === 'object' && part !== null && 'sign' in part;
}
