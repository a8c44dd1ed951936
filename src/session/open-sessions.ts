import { createHmac, randomBytes } from 'node:crypto';
import type { SessionSettings } from '../config/config.ts';
import { deriveKey } from '../identity/derive-key.ts';
import { openDatabase } from '../identity/open-database.ts';
import { openStateDir } from '../identity/open-state-dir.ts';
import type { Log } from '../log.ts';
import { openCache } from '../open-cache.ts';
import type { OpenIdClient } from '../openid/openid-client.ts';
import { LOCATOR_BYTES, openCookieValues } from './open-cookie-values.ts';
import { findTokenLife, openRefresher } from './open-refresher.ts';
import { isDue, openSessionStore, type SessionRecord } from './open-session-store.ts';
import { openTickets } from './open-tickets.ts';
import type { Session, Sessions } from './session.ts';
import { SESSIONS } from './session-schema.ts';

export interface SessionsOptions {
  /** Made where it is missing; the sessions of all processes are in its `sessions.sqlite`. */
  readonly stateDir: string;
  /** 32 bytes, as `loadSharedSecret` gives them. */
  readonly sharedSecret: Uint8Array;
  readonly settings: SessionSettings;
  /** Who says who people are: sessions of another issuer are nobody's, as its ids may be other people's. Null where nobody can sign in. */
  readonly issuer: string | null;
  /** Null: nothing is refreshed. */
  readonly openId: Pick<OpenIdClient, 'refresh'> | null;
  readonly log: Log;
  /** Seconds since 1970. */
  now?(): number;
}

const SID = /^session-[A-Za-z0-9_-]{22}$/;

/** How long a request waits for a refresh; it is to be answered within 5 s. */
const WAIT_MS = 4000;

/** Sessions of which the log has said that nobody confirms them. */
const NOTED = { count: 20_000, bytes: 4 * 1024 * 1024 };

/**
 * The sessions of one configuration. Two may be open side by side, in one process or several: whatever they must agree on
 * is in the store. Closed while a refresh is under way, it ends with that, as a refresh token that is used up must not be
 * all that is left. Throws ERR_STATE_UNUSABLE.
 */
export function openSessions(options: SessionsOptions): Sessions {
  const { stateDir, sharedSecret, settings, openId, log, now = () => Date.now() / 1000 } = options;
  const realm = findRealm(sharedSecret, options.issuer ?? '');
  using opening = new DisposableStack();
  openStateDir(stateDir);
  const database = opening.use(openDatabase(stateDir, SESSIONS));
  const store = openSessionStore(database, sharedSecret);
  const refresher = openId && openRefresher({ store, openId, log, now });
  const tickets = openTickets(database, now);
  const unconfirmed = openCache<number | null>(NOTED);

  const isLive = (record: SessionRecord | null): record is SessionRecord =>
    record !== null && record.realm === realm && record.endedAt === null && record.session.endsAt > now();

  /** Tokens that can be refreshed, and were not, are believed beyond their end for as long as an outage may take. */
  const isConfirmed = ({ refreshAt, tokensEnd }: SessionRecord): boolean =>
    refreshAt === null || tokensEnd === null || tokensEnd + settings.outageGraceSeconds > now();

  const findCurrent = async (find: () => SessionRecord | null): Promise<Session | null> => {
    let record = find();
    if (isLive(record) && isDue(record, now()) && refresher !== null) {
      const refreshed = refresher.refresh(record.session.sid);
      if (record.tokensEnd !== null && record.tokensEnd <= now()) {
        await waitAtMost(WAIT_MS, refreshed);
        record = find();
      }
    }
    if (!isLive(record)) return null;
    if (isConfirmed(record)) return record.session;
    noteUnconfirmed(record);
    return null;
  };

  /** Once each time: the session goes on where the provider confirms it after all. */
  const noteUnconfirmed = ({ session: { sid }, tokensEnd }: SessionRecord): void => {
    if (unconfirmed.get(sid) === tokensEnd) return;
    unconfirmed.set(sid, tokensEnd, sid.length);
    log.warn('session suspended: the identity provider has not refreshed it within idp_outage_grace', { session: sid });
  };

  const held = opening.move();
  return {
    create(content) {
      const createdAt = Math.floor(now());
      const life = content.tokens === null ? null : findTokenLife(content.tokens, now());
      const session: Session = {
        ...content,
        sid: `session-${randomBytes(16).toString('base64url')}`,
        createdAt,
        endsAt: Math.min(createdAt + Math.floor(settings.lifetimeSeconds), life?.endsAt ?? Infinity),
      };
      const locator = randomBytes(LOCATOR_BYTES).toString('base64url');
      store.add({ session, realm, refreshAt: life?.refreshAt ?? null }, locator, createdAt);
      return { session, locator };
    },
    ...openCookieValues(sharedSecret, settings.cookieDomain),
    find: (locator) => findCurrent(() => store.findByLocator(locator)),
    findBySid: (sid) => findCurrent(() => store.find(sid)),
    isLive(sid) {
      if (!SID.test(sid)) return null;
      const record = store.find(sid);
      // Whoever left work behind and does not come back asks in no other way whether the provider still knows them.
      if (isLive(record) && isDue(record, now())) void refresher?.refresh(sid);
      return isLive(record);
    },
    end: (selection) => store.end(selection, Math.floor(now())),
    endOnce: (selection, { id, endsAt }) =>
      // Another provider's ids are other ids.
      store.endOnce(selection, { id: `${realm} ${id}`, endsAt }, Math.floor(now())),
    list: () => store.list(now()),
    ...tickets,
    [Symbol.dispose]() {
      const refreshing = refresher?.close() ?? null;
      if (refreshing === null) held.dispose();
      else
        refreshing
          .then(() => held.dispose())
          .catch((error) => log.warn('sessions were not closed', { detail: String(error) }));
    },
  };
}

/** Sessions that another issuer began, or that were made with another secret, are not of this realm. */
function findRealm(sharedSecret: Uint8Array, issuer: string): string {
  return createHmac('sha256', deriveKey(sharedSecret, 'sessionRealm')).update(issuer).digest('base64url');
}

function waitAtMost(ms: number, task: Promise<void>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const stop = (): void => {
    clearTimeout(timer);
    resolve();
  };
  task.then(stop, stop);
  return promise;
}
