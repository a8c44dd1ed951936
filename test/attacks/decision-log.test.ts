import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { parseLine } from '../../src/decision-log/parse-line.ts';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { eventually } from '../support/eventually.ts';
import { asApp, playAttacks, reachesOpen, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-decisions-'));
const file = join(folder, 'decisions.jsonl');
const stage = await raiseStage({ settings: { decision_log: file, decision_log_headers: ['X-Trace'] } });
afterAll(() => rmSync(folder, { recursive: true }));
const { assertion, provider, serviceToken } = stage;
const app = asApp(stage);
const identity = await provider.issue({ ...PEOPLE.alice });
const forgedLine = '\n{"time":"2026-01-01T00:00:00.000Z","decision":{"allow":true}}';
const personWithALine = await provider.issue({ ...PEOPLE.alice, sub: `alice${forgedLine}` });

/** An opaque secret, which nothing tells from any other word. */
const SECRET = 'hunter2hunter2hunter2';

/** A token as some write it, whose signature is the secret. */
const spread = ['{\n "alg": "HS256"}', '{\n "sub": "alice"}']
  .map((json) => Buffer.from(json).toString('base64url'))
  .concat(SECRET)
  .join('.');

let read = 0;

/** What the decision log gained with an attack and its twin, in the very bytes. */
function newLines(): Promise<string[]> {
  return eventually(() => {
    const lines = readFileSync(file, 'latin1').slice(read).split('\n').slice(0, -1);
    expect(lines).toHaveLength(2);
    read += lines.join('\n').length + 1;
    return lines;
  });
}

/** Two decisions, each on a line of plain ASCII that reads back, and no secret in either. */
async function judge(): Promise<void> {
  const lines = await newLines();
  for (const line of lines) {
    expect(line).toMatch(/^[ -~]+$/);
    expect(parseLine(line)).toMatchObject({ decision: { allow: true, status: 200 } });
    expect(line).not.toMatch(/eyJ[\w-]{8}/);
    expect(line).not.toContain(SECRET);
    expect(line.toLowerCase()).not.toMatch(/"(?:cookie|authorization|x-pomerium-authorization)"/);
  }
  expect(statSync(file).mode & 0o777).toBe(0o600);
}

playAttacks(
  stage,
  'lines forged by way of what a client says',
  {
    'a line of its own in the path': reachesOpen(`/${encodeURIComponent(forgedLine.replace('\n', '\u2028'))}`),
    'a command to a terminal in the path': reachesOpen('/%C2%9B2J'),
    'a name of a parameter with a line end': reachesOpen('/?a%0A=1&%0a%22:1'),
    'a line end in the id of a person': {
      attack: ask('app', 'GET /', `Authorization: Bearer ${personWithALine}`),
      answers: '200',
      seen: `app: GET / by alice${forgedLine}`,
      twin: ask('app', 'GET /', `Authorization: Bearer ${identity}`),
      twinSeen: 'app: GET / by alice',
    },
  },
  judge,
);

playAttacks(
  stage,
  'secrets that the decision log must not hold',
  {
    'values of a query': reachesOpen(`/?token=${SECRET}&${SECRET}&a=b=${SECRET};${SECRET}==`),
    'a token with white space in its JSON, in a path': reachesOpen(`/Pomerium-${spread}`),
    'a cookie': {
      ...reachesOpen('/'),
      attack: ask('open', 'GET /', `Cookie: session=${SECRET}`),
      seen: `open: GET / by nobody [cookie: session=${SECRET}]`,
    },
    'a credential of the upstream': {
      ...reachesOpen('/'),
      attack: ask('open', 'GET /', `Authorization: Basic ${SECRET}`),
      seen: `open: GET / by nobody [authorization: Basic ${SECRET}]`,
    },
    'a header that no policy reads': {
      ...reachesOpen('/'),
      attack: ask('open', 'GET /', `X-Api-Key: ${SECRET}`),
      seen: `open: GET / by nobody [x-api-key: ${SECRET}]`,
    },
    'a token in a header that is recorded': {
      ...reachesOpen('/'),
      attack: ask('open', 'GET /', `X-Trace: ${identity}`),
      seen: `open: GET / by nobody [x-trace: ${identity}]`,
    },
    'a credential and an assertion that were consumed': {
      attack: ask(
        'api',
        'GET /',
        `X-Pomerium-Authorization: ${serviceToken}`,
        `X-Pomerium-Jwt-Assertion: ${assertion()}`,
      ),
      answers: '200',
      seen: 'api: GET / by api-access for alice',
      twin: ask('api', 'GET /', app),
      twinSeen: 'api: GET / by api-access',
    },
  },
  judge,
);

strikeStage(stage);
