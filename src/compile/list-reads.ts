import type { Config, Route } from '../config/config.ts';
import type { Reads, RouteReads } from '../reads.ts';
import { listCriterionReads } from './criteria.ts';
import { listHeaderReads } from './list-header-reads.ts';

/**
 * What the policies of a configuration can read, route by route: what their criteria and headers name, and what the library
 * reads for every route, which is the host, and the claims that have headers of their own. A route whose policy reads the time,
 * or has Rego of its own, is left out.
 *
 * @param config one whose policies `writeRego` takes
 */
export function listReads(config: Config): Reads {
  const always: RouteReads = { request: ['host'], headers: [], claims: config.claimHeaders.map(({ claim }) => claim) };
  return Object.fromEntries(
    config.routes.flatMap((route) => {
      const reads = listPolicyReads(route);
      return reads.every((each) => each !== null) ? [[route.id, join([always, listHeaderReads(route), ...reads])]] : [];
    }),
  );
}

function listPolicyReads({ policy }: Route): (Partial<RouteReads> | null)[] {
  if (policy.rego.length > 0) return [null];
  return policy.rules.flatMap(({ blocks }) => blocks.flatMap(({ criteria }) => criteria.map(listCriterionReads)));
}

function join(reads: readonly Partial<RouteReads>[]): RouteReads {
  const all = (key: keyof RouteReads) => [...new Set(reads.flatMap((each) => each[key] ?? []))];
  return { request: all('request'), headers: all('headers'), claims: all('claims') };
}
