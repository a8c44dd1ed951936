import { compilePolicy } from '../compile/compile-policy.ts';
import { listVerdictReads } from '../compile/list-verdict-reads.ts';
import type { Route } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import type { Decision, InputDocument } from '../engine/documents.ts';
import { loadEngine } from '../engine/load-engine.ts';
import { BehalfError } from '../errors.ts';
import type { Compiler } from '../opa/start-compiler.ts';
import { buildRouteTable, matchRoute } from '../proxy/match-route.ts';
import type { RouteReads } from '../reads.ts';

export type Outcome = Pick<Decision, 'allow' | 'status' | 'reasons'>;

/** A configuration, ready to judge recorded requests. */
export interface Judge {
  readonly file: string;
  /** The route that the proxy would take; null for none. */
  match(input: InputDocument): Route | null;
  find(name: string): Route | null;
  /** What the verdict on a route can depend on; undefined where that may be everything. */
  readsOf(route: Route): RouteReads | undefined;
  judge(input: InputDocument, route: Route | null): Outcome;
}

/** @throws BehalfError ERR_CONFIG_INVALID, ERR_COMPILE_FAILED, ERR_OPA_FAILED, ERR_ENGINE_FAILED */
export async function openJudge(file: string, compiler: Compiler): Promise<Judge> {
  const { config } = await loadConfig(file);
  const engine = await loadEngine(await compilePolicy(config, compiler));
  const table = buildRouteTable(config);
  const byName = new Map(config.routes.map((route) => [route.name, route]));
  const reads = new Map(Object.entries(listVerdictReads(config)));
  return {
    file,
    match: ({ request }) => matchRoute(table, request.host, request.path),
    find: (name) => byName.get(name) ?? null,
    readsOf: ({ id }) => reads.get(id),
    judge(input, route) {
      const { id, name } = route ?? { id: '', name: '' };
      try {
        const { allow, status, reasons } = engine.decide({ ...input, route: { id, name } });
        return { allow, status, reasons };
      } catch (error) {
        if (!(error instanceof BehalfError)) throw error;
        // As the proxy answers it.
        return { allow: false, status: 503, reasons: ['engine-failed'] };
      }
    },
  };
}
