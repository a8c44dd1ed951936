import type { listCriteria } from '../src/compile/criteria.ts';
import type { Schema } from '../src/config/kinds.ts';
import { LEVELS, type LevelOfKeys } from '../src/config/levels.ts';
import { MATCHERS, matcherSchema } from './matchers.ts';

type Criteria = ReturnType<typeof listCriteria>;

/**
 * Builds the JSON Schema of the configuration, draft 7, from the tables that the loader reads by. It takes whatever the
 * loader takes, and refuses what can be told without a look at other keys, at files or at the environment.
 *
 * @param describeCriterion what a criterion is about, by its key
 */
export function buildSchema(criteria: Criteria, describeCriterion: (key: string) => string): Schema {
  const { global, ...levels } = LEVELS;
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: "Behalf's configuration",
    ...levelSchema(global),
    definitions: {
      ...Object.fromEntries(Object.entries(levels).map(([name, level]) => [name, levelSchema(level)])),
      ...policySchemas(criteria, describeCriterion),
    },
  };
}

function levelSchema({ keys, descriptions, required, exclusive }: LevelOfKeys): Schema {
  const groups = [
    ...required
      .filter(({ length }) => length > 1)
      .map((group) => ({ anyOf: group.map((key) => ({ required: [key] })) })),
    ...exclusive.flatMap(pairsOf).map((pair) => ({ not: { required: pair } })),
  ];
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(keys).map(([key, { schema }]) => [key, withDescription(schema, descriptions[key] ?? '')]),
    ),
    additionalProperties: false,
    required: required.filter(({ length }) => length === 1).flat(),
    ...(groups.length > 0 && { allOf: groups }),
  };
}

function pairsOf(keys: readonly string[]): string[][] {
  return keys.flatMap((key, index) => keys.slice(index + 1).map((other) => [key, other]));
}

/** Beside a `$ref` a validator of draft 7 reads nothing. */
function withDescription(schema: Schema, description: string): Schema {
  return '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema };
}

const ACTIONS = {
  allow: 'Lets requests pass for which one of the blocks holds, unless something denies them.',
  deny: 'Refuses requests for which one of the blocks holds, whoever allows them.',
};

const OPERATORS = {
  and: 'Holds when every criterion is true.',
  or: 'Holds when at least one criterion is true.',
  not: 'Holds when every criterion is false.',
  nor: 'Holds when at least one criterion is false.',
};

function policySchemas(criteria: Criteria, describeCriterion: (key: string) => string): Schema {
  const text = { type: 'string', minLength: 1 };
  const block = { type: 'array', items: { $ref: '#/definitions/criterion' } };
  const action = {
    type: 'object',
    properties: {
      ...mapValues(OPERATORS, (description) => ({ description, ...block })),
      action: { description: 'Ignored, as in Pomerium.' },
    },
    additionalProperties: false,
  };
  const schemaOf = ({ key, matcher }: Criteria[number]) => {
    const { title, description } = MATCHERS[matcher];
    return {
      description: `${describeCriterion(key)} Takes ${title}: ${description}`,
      ...matcherSchema(MATCHERS[matcher]),
    };
  };
  const [named, plain] = [true, false].map((isNamed) =>
    criteria.filter(({ key }) => key.endsWith('/NAME') === isNamed),
  );
  return {
    policy: {
      anyOf: [{ $ref: '#/definitions/rule' }, { type: 'array', items: { $ref: '#/definitions/rule' } }],
    },
    rule: {
      type: 'object',
      properties: {
        ...mapValues(ACTIONS, (description) => ({ description, ...action })),
        rego: {
          description:
            'Rego beside the rules or instead of them: the path of a file, or Rego itself below `rego: |`, or a list of them.',
          anyOf: [text, { type: 'array', items: text }],
        },
        rego_version: { description: "Of `rego`; `v0` is for Pomerium's texts. Default: `v1`.", enum: ['v0', 'v1'] },
      },
      additionalProperties: false,
      dependencies: { rego_version: ['rego'] },
    },
    criterion: {
      type: 'object',
      minProperties: 1,
      maxProperties: 1,
      properties: Object.fromEntries((plain ?? []).map((criterion) => [criterion.key, schemaOf(criterion)])),
      patternProperties: Object.fromEntries(
        (named ?? []).map((criterion) => [`^${criterion.key.replace(/NAME$/, '')}[\\s\\S]`, schemaOf(criterion)]),
      ),
      additionalProperties: false,
    },
  };
}

function mapValues<V, W>(record: Readonly<Record<string, V>>, map: (value: V) => W): Record<string, W> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}
