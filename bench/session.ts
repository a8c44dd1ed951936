import { createLog } from '../src/log.ts';
import { openSessions } from '../src/session/open-sessions.ts';
import type { Person, ProviderTokens, Sessions } from '../src/session/session.ts';
import { SETTINGS } from '../test/session/support/make-sessions.ts';
import { makeFolder } from './make-folder.ts';
import { median } from './median.ts';
import type { Report } from './report.ts';

const SESSIONS = 100_000;
const ROUNDS = 20;
const CALLS = 10_000;
const HOST = 'app.example.com';

/** As of a provider with groups and some claims: a kilobyte of them. */
function personOf(at: number): Person {
  const groups = Array.from({ length: 20 }, (_, group) => `group-${(at + group) % 500}@companydomain.com`);
  const names = ['department', 'team', 'level', 'locale', 'country', 'city', 'manager', 'cost_center'];
  const claims = Object.fromEntries(names.map((name) => [name, [`${name} of ${at}`]]));
  return { id: `user-${at}`, email: `user-${at}@companydomain.com`, name: `User ${at}`, groups, claims };
}

function tokensOf(at: number): ProviderTokens {
  const token = (length: number) => `${at}.`.padEnd(length, 'x');
  const expiresAt = Date.now() / 1000 + 3600;
  return { idToken: token(1200), accessToken: token(900), refreshToken: token(200), expiresAt };
}

/** Microseconds of CPU for each of `cookies`, one after the other. */
async function measure(cookies: readonly string[], act: (cookie: string) => unknown): Promise<number> {
  const before = process.cpuUsage();
  for (const cookie of cookies) await act(cookie);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / cookies.length;
}

async function measureRounds(cookies: readonly string[], act: (cookie: string) => unknown): Promise<number> {
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const chosen = Array.from({ length: CALLS }, () => cookies[Math.floor(Math.random() * cookies.length)] ?? '');
    rounds.push(await measure(chosen, act));
  }
  return median(rounds);
}

/** The whole way from a cookie's value to its session. */
async function lookUp(sessions: Sessions, cookie: string): Promise<void> {
  const locator = sessions.readCookie(cookie, HOST);
  if (locator === null || (await sessions.find(locator)) === null) throw new Error('a session was not found');
}

/** From a cookie's value to its session, among 100,000 that live. */
export async function measureSessions(): Promise<Report> {
  await using folder = await makeFolder();
  using sessions = openSessions({
    stateDir: `${folder.path}/state`,
    sharedSecret: new Uint8Array(32).fill(7),
    settings: SETTINGS,
    issuer: 'https://idp.example.com',
    openId: null,
    log: createLog(process.stderr),
  });
  const cookies = Array.from({ length: SESSIONS }, (_, at) => {
    const { locator } = sessions.create({ person: personOf(at), providerSid: `sid-${at}`, tokens: tokensOf(at) });
    return sessions.writeCookie(locator, HOST);
  });
  const megabytes = () => process.memoryUsage().rss / 1024 / 1024;
  const find = (cookie: string) => lookUp(sessions, cookie);
  const begin = megabytes();
  const first = await measure(cookies, find);
  const anyone = await measureRounds(cookies, find);
  const taken = megabytes() - begin;
  const few = await measureRounds(cookies.slice(0, 1000), find);
  const forged = cookies.map((cookie) => `${cookie.slice(0, 40)}${'A'.repeat(24)}`);
  const refused = await measureRounds(forged, (cookie) => sessions.readCookie(cookie, HOST));
  return {
    title: `From a cookie to its session, among ${SESSIONS.toLocaleString('en')} that live, us of CPU`,
    notes: [
      'A person has 20 groups and 8 claims, and tokens of 2.3 kB; the medians of rounds of 10,000 look-ups.',
      `To remember them took ${Math.round(taken)} MB of memory.`,
    ],
    rows: [
      { what: 'each for the first time, from the store', us: first },
      { what: 'anyone, each as likely as the next', us: anyone },
      { what: 'a thousand people at work', us: few },
      { what: 'a forged cookie', us: refused },
    ],
    bars: [
      { what: 'us for anyone', value: anyone, atMost: 20 },
      { what: 'us for a thousand people at work', value: few, atMost: 20 },
    ],
  };
}
