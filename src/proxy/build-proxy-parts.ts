import type { Config } from '../config/config.ts';
import type { Recorder } from '../decision-log/open-recorder.ts';
import type { Engine } from '../engine/load-engine.ts';
import type { Explainer } from '../explain/create-explainer.ts';
import type { Identity } from '../identity/open-identity.ts';
import type { Log } from '../log.ts';
import type { Look } from '../pages/page.ts';
import type { ProgramToken } from '../programs/sign-program-token.ts';
import type { Sessions } from '../session/session.ts';
import { type Cookies, openCookies } from '../sign-in/cookies.ts';
import type { SignIn } from '../sign-in/open-sign-in.ts';
import { buildReservedNames, type ReservedNames } from './build-reserved-names.ts';
import type { RouteTable } from './match-route.ts';
import { openRounds, type Rounds } from './open-rounds.ts';
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
  readonly browsers: Browsers;
  readonly log: Log;
}

/** What people's browsers are served with, and whom they have signed in. */
export interface Browsers extends Disposable {
  readonly sessions: Sessions;
  readonly signIn: SignIn;
  /** What a program's token says on a host. Throws ERR_CREDENTIAL_INVALID. */
  verifyProgramToken(token: string, host: string): ProgramToken;
  /** Whether everybody is whom they say they are, so that nobody may come from elsewhere. */
  readonly isDevelopment: boolean;
}

/** What requests are served with; nothing in it changes while it serves. */
export interface ProxyParts extends Wiring, AsyncDisposable {
  readonly upstreams: Upstreams;
  readonly rounds: Rounds;
  readonly isReserved: ReservedNames;
  readonly originalUser: Config['originalUser'];
  readonly trustedHops: number;
  readonly operators: Config['operators'];
  readonly authenticateServiceUrl: Config['authenticateServiceUrl'];
  readonly look: Look;
  readonly cookies: Cookies;
}

type Settings = Pick<
  Config,
  'authenticateServiceUrl' | 'branding' | 'claimHeaders' | 'operators' | 'originalUser' | 'session' | 'trustedHops'
>;

/** All that belongs to one configuration; to be disposed of, with all that is wired, when its last request has been served. */
export function buildProxyParts(config: Settings, wiring: Wiring): ProxyParts {
  const upstreams = openUpstreams();
  return {
    ...wiring,
    upstreams,
    rounds: openRounds(),
    isReserved: buildReservedNames(config.claimHeaders),
    originalUser: config.originalUser,
    trustedHops: config.trustedHops,
    operators: config.operators,
    authenticateServiceUrl: config.authenticateServiceUrl,
    look: config.branding,
    cookies: openCookies(config.session),
    async [Symbol.asyncDispose]() {
      await upstreams.close();
      wiring.browsers[Symbol.dispose]();
      await wiring.identity[Symbol.asyncDispose]();
    },
  };
}
