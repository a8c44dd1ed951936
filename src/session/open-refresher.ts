import type { Log } from '../log.ts';
import type { OpenIdClient } from '../openid/openid-client.ts';
import type { SessionRecord, SessionStore } from './open-session-store.ts';
import type { ProviderTokens } from './session.ts';

/** A process that dies while it refreshes holds up the session for so long; no refresh takes longer. */
const CLAIM_SECONDS = 30;
/** A provider that is away is asked again for the same session after so long. */
const RETRY_SECONDS = 10;
/** How often a process that waits for another's refresh looks. */
const LOOK_AGAIN_MS = 100;
const AT_MOST_BEFORE_SECONDS = 60;

export interface RefresherOptions {
  readonly store: SessionStore;
  readonly openId: Pick<OpenIdClient, 'refresh'>;
  readonly log: Log;
  /** Seconds since 1970. */
  now(): number;
}

export interface Refresher {
  /**
   * Refreshes what is due of a session: one at a time in all processes, as a refresh token may be used once. Never rejects;
   * the outcome is in the store.
   */
  refresh(sid: string): Promise<void>;
  /** Begins nothing more; resolves when what runs is written, null where nothing runs. */
  close(): Promise<unknown> | null;
}

export function openRefresher({ store, openId, log, now }: RefresherOptions): Refresher {
  const running = new Map<string, Promise<void>>();
  let isClosed = false;
  let isAway = false;

  const noteAway = (detail: string | null): void => {
    if (detail !== null && !isAway) log.warn('the identity provider does not refresh sessions', { detail });
    if (detail === null && isAway) log.info('the identity provider refreshes sessions again');
    isAway = detail !== null;
  };

  const refreshClaimed = async (record: SessionRecord, tokens: ProviderTokens): Promise<void> => {
    const { sid, person, endsAt } = record.session;
    const found = await openId.refresh(tokens, person);
    noteAway(found.kind === 'unavailable' ? found.detail : null);
    switch (found.kind) {
      case 'refreshed': {
        const { kind: _, ...content } = found;
        const life = findTokenLife(found.tokens, now());
        store.renew(record, { ...content, ...life, endsAt: Math.min(endsAt, life.endsAt) });
        break;
      }
      case 'ended':
        store.endUnchanged(record, Math.floor(now()));
        log.info('session ended: the identity provider refused to refresh it', { session: sid, detail: found.detail });
        break;
      case 'unavailable':
        store.postpone(record, Math.floor(now()) + RETRY_SECONDS);
    }
  };

  const refreshOrWait = async (sid: string): Promise<void> => {
    while (!isClosed) {
      const claim = store.claim(sid, now(), Math.floor(now()) + CLAIM_SECONDS);
      if (claim === 'settled') return;
      if (claim !== 'taken') {
        const { tokens } = claim.session;
        return tokens === null ? undefined : refreshClaimed(claim, tokens);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  };

  return {
    refresh(sid) {
      const known = running.get(sid);
      if (known !== undefined) return known;
      const done = refreshOrWait(sid)
        .catch((error) => log.error('a session could not be refreshed', { session: sid, detail: String(error) }))
        .finally(() => running.delete(sid));
      running.set(sid, done);
      return done;
    },
    close() {
      isClosed = true;
      return running.size === 0 ? null : Promise.all(running.values());
    },
  };
}

/**
 * When tokens that came at `now` are to be refreshed (null: they cannot be), and the end that they set to a session: their
 * own where they cannot be refreshed.
 */
export function findTokenLife(
  { refreshToken, expiresAt }: ProviderTokens,
  now: number,
): { readonly refreshAt: number | null; readonly endsAt: number } {
  if (refreshToken === null) return { refreshAt: null, endsAt: Math.floor(expiresAt) };
  const life = expiresAt - now;
  // Tokens that come expired, as by a clock that is wrong or without userinfo, are no reason to ask for others all the time.
  const wait = life > 0 ? Math.max(life - Math.min(AT_MOST_BEFORE_SECONDS, life / 3), 1) : RETRY_SECONDS;
  return { refreshAt: Math.floor(now + wait), endsAt: Infinity };
}
