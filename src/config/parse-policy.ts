import type { Position } from '../errors.ts';
import type { Criterion, Located, LocatedEntry, Policy, PolicyBlock, PolicyRule } from './config.ts';
import { describe } from './describe.ts';
import type { Problems } from './problems.ts';
import { quote } from './quote.ts';

const ACTIONS = ['allow', 'deny'] as const;
const OPERATORS = ['and', 'or', 'not', 'nor'] as const;

type Fault = (position: Position, message: string) => undefined;

/**
 * Reads the grammar of a policy: an object with `allow` and `deny`, or a list of such objects. Names and data of
 * criteria are not judged. Undefined where the grammar is broken; `problems` has every place.
 *
 * Actions and operators come in one order whatever the file's, so that policies which say the same are equal.
 */
export function parsePolicy(value: Located, problems: Problems): Policy | undefined {
  let sound = true;
  const fault: Fault = (position, message) => {
    sound = false;
    return problems.error(position, message);
  };
  const rules = parseRuleSets(value, fault);
  return sound ? { rules } : undefined;
}

function parseRuleSets(value: Located, fault: Fault): readonly PolicyRule[] {
  if (value.kind === 'map') return parseRules(value, fault);
  if (value.kind === 'list') return value.items.flatMap((item) => parseRules(item, fault));
  fault(
    value.position,
    `a policy must be a map with "allow" or "deny", or a list of such maps; found ${describe(value, true)}`,
  );
  return [];
}

function parseRules(value: Located, fault: Fault): readonly PolicyRule[] {
  if (value.kind !== 'map') {
    fault(value.position, `a rule must be a map with "allow" or "deny"; found ${describe(value, true)}`);
    return [];
  }
  for (const { key, keyPosition } of value.entries) {
    if (!ACTIONS.some((action) => action === key)) {
      const why = key === 'rego' ? 'Behalf does not have policies in Rego yet' : `unknown action ${quote(key)}`;
      fault(keyPosition, `${why}: a rule has "allow" or "deny"`);
    }
  }
  return ACTIONS.flatMap((action) =>
    value.entries
      .filter(({ key }) => key === action)
      .map((entry) => ({ action, blocks: parseBlocks(entry, fault), position: entry.keyPosition })),
  );
}

function parseBlocks({ key: action, value }: LocatedEntry, fault: Fault): readonly PolicyBlock[] {
  if (value.kind !== 'map') {
    fault(value.position, `"${action}" must be a map with "and", "or", "not" or "nor"; found ${describe(value, true)}`);
    return [];
  }
  for (const { key, keyPosition } of value.entries) {
    // Pomerium accepts "action" there, and ignores it.
    if (!OPERATORS.some((operator) => operator === key) && key !== 'action') {
      fault(keyPosition, `unknown operator ${quote(key)}: "${action}" has "and", "or", "not" or "nor"`);
    }
  }
  return OPERATORS.flatMap((operator) =>
    value.entries
      .filter(({ key }) => key === operator)
      .map((entry) => ({ operator, criteria: parseCriteria(entry, fault), position: entry.keyPosition })),
  );
}

function parseCriteria({ key: operator, value }: LocatedEntry, fault: Fault): readonly Criterion[] {
  if (value.kind !== 'list') {
    fault(value.position, `"${operator}" must be a list of criteria; found ${describe(value)}`);
    return [];
  }
  return value.items.flatMap((item) => parseCriterion(item, fault) ?? []);
}

function parseCriterion(value: Located, fault: Fault): Criterion | undefined {
  if (value.kind !== 'map') {
    return fault(
      value.position,
      `a criterion must be a map with one key, as in "- accept: true"; found ${describe(value, true)}`,
    );
  }
  const [entry, second] = value.entries;
  if (entry === undefined) return fault(value.position, 'a criterion must have one key; found none');
  if (second !== undefined) {
    return fault(second.keyPosition, 'a criterion must have one key; write the second as a criterion of its own');
  }
  const slash = entry.key.indexOf('/');
  return {
    name: slash === -1 ? entry.key : entry.key.slice(0, slash),
    subpath: slash === -1 ? null : entry.key.slice(slash + 1),
    data: entry.value,
    position: entry.keyPosition,
  };
}
