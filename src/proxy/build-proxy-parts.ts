import type { Config } from '../config/config.ts';
import type { Recorder } from '../decision-log/open-recorder.ts';
import type { Engine } from '../engine/load-engine.ts';
import type { Explainer } from '../explain/create-explainer.ts';
import type { Identity } from '../identity/open-identity.ts';
import type { Log } from '../log.ts';
import { buildReservedNames, type ReservedNames } from './build-reserved-names.ts';
import type { RouteTable } from './match-route.ts';
import { openUpstreams, type Upstreams } from './open-upstreams.ts';

export interface Wiring {
  readonly routes: RouteTable;
  readonly engine: Engine;
  readonly identity: Identity;
  /** Texts of the configuration that decisions name by number. */
  readonly headerTexts: readonly string[];
  /** Null where decisions are not recorded. */
  readonly recorder: Recorder | null;
  /** Null where nobody is told why. */
  readonly explainer: Explainer | null;
  readonly log: Log;
}

/** What requests are served with; nothing in it changes while it serves. */
export interface ProxyParts extends Wiring, AsyncDisposable {
  readonly upstreams: Upstreams;
  readonly isReserved: ReservedNames;
  readonly originalUser: Config['originalUser'];
  readonly trustedHops: number;
  readonly operators: Config['operators'];
}

/** All that belongs to one configuration; to be disposed of, with `identity`, when its last request has been served. */
export function buildProxyParts(
  config: Pick<Config, 'claimHeaders' | 'operators' | 'originalUser' | 'trustedHops'>,
  wiring: Wiring,
): ProxyParts {
  const upstreams = openUpstreams();
  return {
    ...wiring,
    upstreams,
    isReserved: buildReservedNames(config.claimHeaders),
    originalUser: config.originalUser,
    trustedHops: config.trustedHops,
    operators: config.operators,
    async [Symbol.asyncDispose]() {
      await upstreams.close();
      await wiring.identity[Symbol.asyncDispose]();
    },
  };
}
