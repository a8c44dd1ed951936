import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { type WriteOperand, writeOperators } from './write-operators.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

type Scalar = Extract<Located, { kind: 'scalar' }>;

/** `text`: a string, which is compared; `part`: one that is looked for; `texts`: a list of them; `scalar`: of any type. */
type Operand = 'text' | 'part' | 'texts' | 'scalar';

interface MatcherForm {
  /** The operator that a bare scalar stands for. */
  readonly shorthand: string;
  readonly operators: ReadonlyMap<string, Operand>;
  /** What to write instead of a list. */
  readonly insteadOfList: string;
}

const OF_LISTS = {
  shorthand: 'has',
  insteadOfList:
    'write a criterion for each value; in an "or" block any of them will do, in an "and" block all must hold; for any of them beside other criteria of an "and", write a rule for each value, as rules are alternatives',
};

/** The matchers of text, of lists of text and of claims, which are lists of scalars, by their names. */
export const MATCHERS = {
  string: {
    shorthand: 'is',
    operators: new Map<string, Operand>([
      ['is', 'text'],
      ['not', 'text'],
      ['contains', 'part'],
      ['starts_with', 'part'],
      ['ends_with', 'part'],
      ['in', 'texts'],
      ['not_in', 'texts'],
    ]),
    insteadOfList: 'use "in:" to match any of them',
  },
  string_list: { ...OF_LISTS, operators: operatorsOfLists('text') },
  claim: { ...OF_LISTS, operators: operatorsOfLists('scalar') },
} satisfies Record<string, MatcherForm>;

export type MatcherKind = keyof typeof MATCHERS;

/** What is compared: the criterion as messages name it, and how it is matched. */
export interface Subject {
  readonly name: string;
  readonly matcher: MatcherKind;
  /** Why what is compared never has this text, as a sentence's end after the criterion's name; undefined where it may. */
  readonly excludes?: ((text: string, operator: string) => string | undefined) | undefined;
}

/**
 * Checks the data of a criterion that takes a matcher and writes it as a Rego object, as in `{"is": "a", "not": "b"}`;
 * a bare scalar is written as `is` or `has`. Undefined where the data is wrong; each fault goes to `problems`.
 */
export function writeMatcher(subject: Subject, data: Located, problems: Problems): string | undefined {
  const name = quote(subject.name);
  const form: MatcherForm = MATCHERS[subject.matcher];
  const operators = new Map([...form.operators].map(bindOperand));

  switch (data.kind) {
    case 'list':
      return problems.error(data.position, `${name} takes a matcher, not a list: ${form.insteadOfList}`);
    case 'scalar': {
      if (data.value === null) return problems.error(data.position, `${name} must have a value or a matcher`);
      if (subject.matcher === 'string' && typeof data.value !== 'string') {
        // Pomerium takes it alone, and finds it equal to nothing; the library refuses it.
        problems.warning(data.position, neverEquals(data.value));
        return '{"in": []}';
      }
      const value = operators.get(form.shorthand)?.(form.shorthand, data);
      return value && `{"${form.shorthand}": ${value}}`;
    }
    case 'map':
      return writeOperators(subject.name, data, operators, problems);
  }

  function neverEquals(value: Scalar['value']): string {
    return `${name} is text, which never equals ${value}; put it in quotes if it is meant as text`;
  }

  function bindOperand([operator, operand]: [string, Operand]): [string, WriteOperand] {
    return [operator, (key, value) => (operand === 'texts' ? writeMany(key, value) : writeOne(key, operand, value))];
  }

  function writeMany(operator: string, value: Located): string | undefined {
    if (value.kind !== 'list') {
      return problems.error(value.position, `"${operator}" must be a list; found ${describe(value)}`);
    }
    const items = value.items.map((item) => writeOne(operator, 'text', item));
    return items.includes(undefined) ? undefined : `[${items.join(', ')}]`;
  }

  function writeOne(operator: string, operand: Exclude<Operand, 'texts'>, value: Located): string | undefined {
    if (value.kind !== 'scalar') {
      const hint = value.kind === 'list' ? `: ${form.insteadOfList}` : '';
      return problems.error(value.position, `"${operator}" must be a single value; found ${describe(value)}${hint}`);
    }
    if (operand === 'part' && typeof value.value !== 'string') {
      return problems.error(value.position, `"${operator}" must be text; found ${describe(value)}`);
    }
    if (operand === 'text' && typeof value.value !== 'string') {
      return problems.error(value.position, neverEquals(value.value));
    }
    return writeScalar(operator, value);
  }

  function writeScalar(operator: string, { value, position }: Scalar): string | undefined {
    const excluded = typeof value === 'string' ? subject.excludes?.(value, operator) : undefined;
    // What is never equal always differs: `not` would let everybody in.
    const isNegated = operator === 'not' || operator === 'not_in';
    if (excluded !== undefined) problems[isNegated ? 'error' : 'warning'](position, `${name} ${excluded}`);
    // OPA would read half a surrogate pair as U+FFFD, which a request can hold.
    if (typeof value === 'string' && !value.isWellFormed()) {
      return problems.error(position, 'half a surrogate pair is not text and cannot be compared');
    }
    return writeRegoScalar(value);
  }
}

function operatorsOfLists(operand: Operand): ReadonlyMap<string, Operand> {
  return new Map(['has', 'is', 'exclude'].map((operator) => [operator, operand]));
}
