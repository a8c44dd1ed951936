import type { Criterion, Located, Policy, PolicyRule } from '../../src/config/config.ts';

/** A policy as Pomerium's parser gives it back in JSON: a list of rules with their blocks. */
export function writePolicy(policy: Policy): readonly Readonly<Record<string, unknown>>[] {
  return policy.rules.map((rule) => ({
    [rule.action]: writeBlocks(rule, ({ name, subpath, data }) => ({
      [subpath === null ? name : `${name}/${subpath}`]: writeData(data),
    })),
  }));
}

/** A policy as the tree of Pomerium's parser. */
export function writeTree(policy: Policy): unknown {
  return policy.rules.map((rule) => ({
    action: rule.action,
    ...writeBlocks(rule, ({ name, subpath, data }) => ({
      name,
      ...(subpath === null ? {} : { sub_path: subpath }),
      data: writeData(data),
    })),
  }));
}

function writeBlocks(rule: PolicyRule, write: (criterion: Criterion) => unknown): object {
  return Object.fromEntries(rule.blocks.map(({ operator, criteria }) => [operator, criteria.map(write)]));
}

export function writeData(data: Located): unknown {
  switch (data.kind) {
    case 'scalar':
      return data.value;
    case 'list':
      return data.items.map(writeData);
    case 'map':
      return Object.fromEntries(data.entries.map(({ key, value }) => [key, writeData(value)]));
  }
}
