import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { type WriteOperand, writeOperators } from './write-operators.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

type Scalar = Extract<Located, { kind: 'scalar' }>;

/** `one`: a scalar of any type; `text`: a string; `many`: a list of scalars. */
type Operand = 'one' | 'text' | 'many';

interface MatcherForm {
  /** The operator that a bare scalar stands for. */
  readonly shorthand: string;
  readonly operators: ReadonlyMap<string, Operand>;
  /** What to write instead of a list. */
  readonly insteadOfList: string;
}

/** The matchers of text and of lists of text, by their names. */
export const MATCHERS = {
  string: {
    shorthand: 'is',
    operators: new Map<string, Operand>([
      ['is', 'one'],
      ['not', 'one'],
      ['contains', 'text'],
      ['starts_with', 'text'],
      ['ends_with', 'text'],
      ['in', 'many'],
      ['not_in', 'many'],
    ]),
    insteadOfList: 'use "in:" to match any of them',
  },
  string_list: {
    shorthand: 'has',
    operators: new Map<string, Operand>([
      ['has', 'one'],
      ['is', 'one'],
      ['exclude', 'one'],
    ]),
    insteadOfList: 'write a criterion for each value',
  },
} satisfies Record<string, MatcherForm>;

export type MatcherKind = keyof typeof MATCHERS;

/** What is compared: the criterion as messages name it, how it is matched, and whether it can only ever be text. */
export interface Subject {
  readonly name: string;
  readonly matcher: MatcherKind;
  readonly onlyText: boolean;
  /** Why what is compared never has this text, as a sentence's end after the criterion's name; undefined where it may. */
  readonly excludes?: ((text: string, operator: string) => string | undefined) | undefined;
}

/**
 * Checks the data of a criterion that takes a matcher and writes it as a Rego object, as in `{"is": "a", "not": "b"}`;
 * a bare scalar is written as `is` or `has`. Undefined where the data is wrong; each fault goes to `problems`.
 */
export function writeMatcher(subject: Subject, data: Located, problems: Problems): string | undefined {
  const name = quote(subject.name);
  const form = MATCHERS[subject.matcher];

  switch (data.kind) {
    case 'list':
      return problems.error(data.position, `${name} takes a matcher, not a list: ${form.insteadOfList}`);
    case 'scalar': {
      if (data.value === null) return problems.error(data.position, `${name} must have a value or a matcher`);
      const value = writeScalar(form.shorthand, data);
      return value && `{"${form.shorthand}": ${value}}`;
    }
    case 'map':
      return writeOperators(subject.name, data, new Map([...form.operators].map(bindOperand)), problems);
  }

  function bindOperand([operator, operand]: [string, Operand]): [string, WriteOperand] {
    return [operator, (key, value) => (operand === 'many' ? writeMany(key, value) : writeOne(key, operand, value))];
  }

  function writeMany(operator: string, value: Located): string | undefined {
    if (value.kind !== 'list') {
      return problems.error(value.position, `"${operator}" must be a list; found ${describe(value)}`);
    }
    const items = value.items.map((item) => writeOne(operator, 'one', item));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }

  function writeOne(operator: string, operand: 'one' | 'text', value: Located): string | undefined {
    if (value.kind !== 'scalar') {
      const hint = value.kind === 'list' ? `: ${form.insteadOfList}` : '';
      return problems.error(value.position, `"${operator}" must be a single value; found ${describe(value)}${hint}`);
    }
    if (operand === 'text' && typeof value.value !== 'string') {
      return problems.error(value.position, `"${operator}" must be text; found ${describe(value)}`);
    }
    return writeScalar(operator, value);
  }

  function writeScalar(operator: string, { value, position }: Scalar): string | undefined {
    if (typeof value !== 'string' && subject.onlyText) {
      problems.warning(
        position,
        `${name} is text, which never equals ${value}; put it in quotes if it is meant as text`,
      );
    }
    const excluded = typeof value === 'string' ? subject.excludes?.(value, operator) : undefined;
    if (excluded !== undefined) problems.warning(position, `${name} ${excluded}`);
    // OPA would read half a surrogate pair as U+FFFD, which a request can hold.
    if (typeof value === 'string' && !value.isWellFormed()) {
      return problems.error(position, 'half a surrogate pair is not text and cannot be compared');
    }
    return writeRegoScalar(value);
  }
}
