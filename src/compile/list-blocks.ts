import type { Policy, PolicyBlock, PolicyRule } from '../config/config.ts';

/** The blocks of one side that count, in the order in which the Rego that is written of a policy has them. */
export function listBlocks(policy: Policy, action: PolicyRule['action']): readonly PolicyBlock[] {
  return policy.rules
    .filter((rule) => rule.action === action)
    .flatMap(({ blocks }) => blocks)
    .filter(({ criteria }) => criteria.length > 0);
}
