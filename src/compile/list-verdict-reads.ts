import type { Config, Policy } from '../config/config.ts';
import type { Reads } from '../reads.ts';
import { listCriterionReads } from './criteria.ts';
import { listReads } from './list-reads.ts';

/**
 * What verdicts can depend on beside the time, route by route: as `listReads`, without what only headers are made of. A
 * route with Rego of its own is left out.
 */
export function listVerdictReads(config: Config): Reads {
  const routes = config.routes.map((route) => ({ ...route, setRequestHeaders: [], policy: withoutTime(route.policy) }));
  return listReads({ ...config, claimHeaders: [], routes });
}

function withoutTime(policy: Policy): Policy {
  const rules = policy.rules.map((rule) => ({
    ...rule,
    blocks: rule.blocks.map((block) => ({
      ...block,
      criteria: block.criteria.filter((criterion) => listCriterionReads(criterion) !== null),
    })),
  }));
  return { ...policy, rules };
}
