import type { Log } from '../../../src/log.ts';
import type { Refreshed } from '../../../src/openid/openid-client.ts';
import { openSessions, type SessionsOptions } from '../../../src/session/open-sessions.ts';
import type { NewSession, Person, ProviderTokens, Sessions } from '../../../src/session/session.ts';
import { tempDir } from '../../identity/support/temp-dir.ts';

export const SECRET = new Uint8Array(32).fill(7);
const ISSUER = 'https://idp.example.com';
/** When each test's clock begins. */
export const START = 1_800_000_000;

export const PERSON: Person = {
  id: 'u-1',
  email: 'Alice@companydomain.com',
  name: 'Alice Á.',
  groups: ['staff', 'ops'],
  claims: { 'address.city': ['Örebro'], __proto__: ['p'], roles: ['a', 'b'] },
};

export const tokensOf = (expiresAt: number, refreshToken: string | null = 'refresh-1'): ProviderTokens => ({
  idToken: 'id-token-1',
  accessToken: 'access-token-1',
  refreshToken,
  expiresAt,
});

export const newSession = (tokens: ProviderTokens | null = null, person = PERSON): NewSession => ({
  person,
  providerSid: 'provider-sid-1',
  tokens,
});

export interface Scene extends Disposable {
  readonly stateDir: string;
  readonly clock: { now: number };
  /** Every message of the log, with its level. */
  readonly logged: readonly string[];
  /** One more configuration or process beside those that are open: another connection to the same file. */
  open(options?: Partial<SessionsOptions>): Sessions;
}

export function makeScene(): Scene {
  const dir = tempDir();
  const clock = { now: START };
  const opened = new DisposableStack();
  const logged: string[] = [];
  const note = (level: string) => (message: string, fields?: object) =>
    void logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  const log: Log = { info: note('info'), warn: note('warn'), error: note('error') };
  return {
    stateDir: `${dir.path}/state`,
    clock,
    logged,
    open: (options = {}) =>
      opened.use(
        openSessions({
          stateDir: `${dir.path}/state`,
          sharedSecret: SECRET,
          settings: SETTINGS,
          issuer: ISSUER,
          openId: null,
          log,
          now: () => clock.now,
          ...options,
        }),
      ),
    [Symbol.dispose]() {
      opened.dispose();
      dir[Symbol.dispose]();
    },
  };
}

export const SETTINGS = {
  cookieName: '_pomerium',
  cookieDomain: null,
  sameSite: 'lax',
  lifetimeSeconds: 14 * 3600,
  outageGraceSeconds: 600,
} as const;

/** A provider whose answers a test gives one by one, and which remembers what it was asked. */
export interface Provider {
  readonly asked: readonly ProviderTokens[];
  refresh(tokens: ProviderTokens, person: Person): Promise<Refreshed>;
  /** Resolves once `count` requests have come. */
  answer(answer: Refreshed): void;
}

export function makeProvider(): Provider {
  const asked: ProviderTokens[] = [];
  const waiting: ((answer: Refreshed) => void)[] = [];
  return {
    asked,
    refresh(tokens) {
      asked.push(tokens);
      return new Promise((resolve) => waiting.push(resolve));
    },
    answer(answer) {
      const next = waiting.shift();
      if (next === undefined) throw new TypeError('nobody asked');
      next(answer);
    },
  };
}

export const refreshedTo = (tokens: ProviderTokens, person = PERSON): Refreshed => ({
  kind: 'refreshed',
  person,
  providerSid: 'provider-sid-1',
  tokens,
});

export const AWAY: Refreshed = { kind: 'unavailable', detail: 'connect ECONNREFUSED' };
export const REFUSED: Refreshed = { kind: 'ended', detail: 'invalid_grant' };
