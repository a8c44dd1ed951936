import type { ReservedNames } from './build-reserved-names.ts';
import type { Header } from './header.ts';
import type { Rounds } from './open-rounds.ts';
import type { Upstream } from './open-upstreams.ts';
import type { Limits } from './start-clock.ts';

/** What goes upstream and how the answer comes back. Host and framing are no headers here: forwarding owns them. */
export interface Exchange {
  readonly upstream: Upstream;
  /** Path and query, encoded. */
  readonly target: string;
  readonly host: string;
  readonly headers: readonly Header[];
  /** From the first step to the last byte that the client took, or to the upstream's 101. */
  readonly limits: Limits;
  /** Of the upgraded connection; null for a request that stays one. */
  readonly upgradeLimits: Limits | null;
  readonly isReserved: ReservedNames;
  readonly editResponseHeaders: (headers: readonly Header[]) => readonly Header[];
  /** Whether a cookie's name is ours, which no upstream sets. */
  readonly isOwnCookie: (name: string) => boolean;
  /** For a request that goes on without its body. */
  readonly dropsBody: boolean;
  /** Where it is looked at while it lasts. */
  readonly rounds: Rounds;
  /** Rejects where it may not go on, whether it has been upgraded or not. */
  readonly recheck: () => Promise<unknown>;
}
