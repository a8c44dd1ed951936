import { afterAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { ask, type Stage } from './raise-stage.ts';

/** An attack and its allowed twin: the same request with the one hostile thing removed or made honest. */
export interface Attack {
  /** Bytes on a connection of their own. */
  readonly attack: string;
  /** One a request; several where the connection holds several. */
  readonly answers: string | readonly string[];
  /** What reaches an upstream all the same, without the lie; nothing unless told. */
  readonly seen?: string | readonly string[];
  readonly twin: string;
  /** What reaches an upstream then. */
  readonly twinSeen: string | readonly string[];
  /** 200 unless told. */
  readonly twinAnswers?: readonly string[];
}

/**
 * Plays each attack, then its twin; what an attack leaves behind on a kept connection shows at the twin.
 *
 * @param judge what is to be said of the two beyond answers and upstreams
 */
export function playAttacks(
  stage: Stage,
  family: string,
  attacks: Readonly<Record<string, Attack>>,
  judge = async (): Promise<void> => {},
): void {
  describe(family, () => {
    test.each(Object.entries(attacks))('%s', async (_, { attack, answers, seen = [], twin, ...its }) => {
      expect(await stage.exchange(attack)).toEqual({ answers: [answers].flat(), seen: [seen].flat() });
      const { twinSeen, twinAnswers = ['200'] } = its;
      expect(await stage.exchange(twin)).toEqual({ answers: twinAnswers, seen: [twinSeen].flat() });
      await judge();
    });
  });
}

/** A token that claims to be an assertion, why it is not taken, and the honest one beside it. */
export type Forgery = readonly [hostile: string, why: string, honest: string];

/** Each forgery is brought by App's service account, as -For and as Assertion: it reaches nobody, and the honest one API. */
export function playForgeries(stage: Stage, family: string, forgeries: Readonly<Record<string, Forgery>>): void {
  describe(family, () => {
    test.each(Object.entries(forgeries))('%s', async (_, [hostile, why, honest]) => {
      for (const header of ['X-Pomerium-Jwt-Assertion-For', 'X-Pomerium-Jwt-Assertion']) {
        const bring = (token: string) => stage.exchange(ask('api', 'GET /', asApp(stage), `${header}: ${token}`));
        const refusal = `403 forbidden original-user-invalid (${why})`;
        expect(await bring(hostile)).toEqual({ answers: [refusal], seen: [] });
        expect(await bring(honest)).toEqual({ answers: ['200'], seen: ['api: GET / by api-access for alice'] });
      }
    });
  });
}

/** What comes as it is to an upstream that is open to everybody; what matters is what is said of it elsewhere. */
export const reachesOpen = (path: string, ...lines: readonly string[]): Attack => ({
  attack: ask('open', `GET ${path}`, ...lines),
  answers: '200',
  seen: `open: GET ${path} by nobody`,
  twin: ask('open', 'GET /page'),
  twinSeen: 'open: GET /page by nobody',
});

/** App's honest credential, as a header line. */
export function asApp({ serviceToken }: Stage): string {
  return `Authorization: Bearer Pomerium-${serviceToken}`;
}

/**
 * Last in each file: what the attacks left in the log, and the end of the stage.
 *
 * @param warnings how many the proxy began with
 */
export function strikeStage(stage: Stage, warnings = 0): void {
  afterAll(() => stage[Symbol.asyncDispose]());
  test('the log of it all tells of requests alone, and holds no token', async () => {
    const lines = await eventually(async () => {
      const written = (await stage.behalf.logLines()).slice(warnings);
      expect(written.length).toBeGreaterThan(0);
      return written;
    });
    for (const line of lines) expect(line).toMatchObject({ level: 'info', message: 'request' });
    const slow = await stage.behalf.slowDecisions();
    for (const { request_id: id } of slow) await expectQuick(stage, String(id));
    // Every JWS begins with `{"`.
    expect(JSON.stringify([...lines, ...slow])).not.toMatch(/eyJ[\w-]{8}/);
  });
}

/** A decision that the machine made slow is quick when it is asked for again; one that its request made slow never is. */
async function expectQuick({ behalf, bytesOf, send }: Stage, requestId: string): Promise<void> {
  const bytes = bytesOf(requestId);
  if (bytes === undefined) return;
  await eventually(async () => {
    const before = (await behalf.slowDecisions()).length;
    await send(bytes);
    expect(await behalf.slowDecisions()).toHaveLength(before);
  });
}
