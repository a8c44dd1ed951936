import type { Position } from '../errors.ts';
import type { Criterion, Located, LocatedEntry, Policy, PolicyBlock, PolicyRule } from './config.ts';
import { describe } from './describe.ts';
import type { Context } from './kinds.ts';
import { parseRego, regoVersion, type WrittenRego } from './parse-rego.ts';
import type { Problems } from './problems.ts';
import { quote } from './quote.ts';

const ACTIONS = ['allow', 'deny'] as const;
const KEYS = [...ACTIONS, 'rego', 'rego_version'] as const;
const OPERATORS = ['and', 'or', 'not', 'nor'] as const;

type Fault = (position: Position, message: string) => undefined;

/**
 * Reads the grammar of a policy: an object with `allow`, `deny` and `rego`, or a list of such objects. Names and data of
 * criteria are not judged, nor is Rego. Undefined where the grammar is broken; `problems` has every place.
 *
 * Actions and operators come in one order whatever the file's, so that policies which say the same are equal.
 */
export function parsePolicy(value: Located, context: Omit<Context, 'subject'>): Policy | undefined {
  let sound = true;
  const fault: Fault = (position, message) => {
    sound = false;
    return context.problems.error(position, message);
  };
  const ruleSets = listRuleSets(value, fault);
  const rules = ruleSets.flatMap((ruleSet) => parseRules(ruleSet, fault));
  for (const { action, blocks } of rules) {
    if (action === 'allow') warnOfAlternatives(blocks, context.problems);
  }
  const rego = parseRego(
    ruleSets.flatMap((ruleSet) => findRego(ruleSet, fault, context)),
    context,
  );
  return sound && rego !== undefined ? { rules, rego } : undefined;
}

function listRuleSets(value: Located, fault: Fault): readonly Located[] {
  if (value.kind === 'map') return [value];
  if (value.kind === 'list') return value.items;
  fault(
    value.position,
    `a policy must be a map with "allow" or "deny", or a list of such maps; found ${describe(value, true)}`,
  );
  return [];
}

function findRego(ruleSet: Located, fault: Fault, context: Omit<Context, 'subject'>): readonly WrittenRego[] {
  if (ruleSet.kind !== 'map') return [];
  const find = (name: string) => ruleSet.entries.find(({ key }) => key === name);
  const rego = find('rego');
  const version = find('rego_version');
  if (rego !== undefined) return [{ value: rego.value, version: chooseVersion(version, context) }];
  if (version !== undefined) fault(version.keyPosition, '"rego_version" does nothing without "rego"');
  return [];
}

function chooseVersion(entry: LocatedEntry | undefined, context: Omit<Context, 'subject'>): WrittenRego['version'] {
  return entry === undefined ? 'v1' : regoVersion.parse(entry.value, { ...context, subject: '"rego_version"' });
}

function parseRules(value: Located, fault: Fault): readonly PolicyRule[] {
  if (value.kind !== 'map') {
    fault(value.position, `a rule must be a map with "allow" or "deny"; found ${describe(value, true)}`);
    return [];
  }
  for (const { key, keyPosition } of value.entries) {
    if (!KEYS.some((known) => known === key)) {
      fault(keyPosition, `unknown action ${quote(key)}: a rule has "allow" or "deny", or "rego"`);
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

/** Who writes `not` beside `and` reads it as "and not". */
function warnOfAlternatives(blocks: readonly PolicyBlock[], problems: Problems): void {
  const positive = blocks.find(({ operator }) => operator === 'and' || operator === 'or');
  const negative = blocks.find(({ operator }) => operator === 'not' || operator === 'nor');
  if (positive === undefined || negative === undefined) return;
  problems.warning(
    negative.position,
    `"${negative.operator}" is an alternative to "${positive.operator}": either lets pass, as all blocks of an action are ORed. What must hold besides belongs into "and", as in "groups: {exclude: NAME}", or into "deny"`,
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
