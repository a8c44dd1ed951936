import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'vitest';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { eventually } from '../support/eventually.ts';
import { type Attack, asApp, playAttacks, reachesOpen, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const { assertion, provider, serviceToken } = stage;
const app = asApp(stage);
const identity = await provider.issue({ ...PEOPLE.alice });

/** A second line, as a reader of the log would take it. */
const forgedLine = '\n{"status":200,"caller":"boss"}';
const personWithALine = await provider.issue({ ...PEOPLE.alice, sub: `alice${forgedLine}` });
const userWithALine = assertion({ sub: `alice${forgedLine}` });

const file = join(dirname(stage.behalf.config), 'stderr.log');
/** Where to go on reading: behind the lines of the stage's own first requests. */
let read = await eventually(async () => {
  const text = await readFile(file, 'utf8');
  expect(text).toContain('"message":"request"');
  return text.length;
});

/**
 * What the log gained, line by line, in the very bytes; at least those of an attack and its twin, which may be waiting. A
 * slow decision has a line more on a busy machine.
 */
function newLines(): Promise<string[]> {
  return eventually(async () => {
    const text = (await readFile(file, 'utf8')).slice(read);
    const lines = text
      .split('\n')
      .slice(0, -1)
      .filter((line) => !line.includes('"message":"slow decision"'));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    read += text.lastIndexOf('\n') + 1;
    return lines;
  });
}

playAttacks(
  stage,
  'lines forged by way of what a client says',
  {
    'a line of its own in the path': reachesOpen(`/${encodeURIComponent(forgedLine.replace('\n', '\u2028'))}`),
    'a command to a terminal in the path': reachesOpen('/%C2%9B2J'),
    'separators and turned text in the path': reachesOpen('/%E2%80%A8%E2%80%A9%E2%80%AE%E2%81%A6'),
    "a line end in an original user's id": {
      attack: ask('api', 'GET /', app, `X-Pomerium-Jwt-Assertion-For: ${userWithALine}`),
      answers: '200',
      seen: `api: GET / by api-access for alice${forgedLine}`,
      twin: ask('api', 'GET /', app, `X-Pomerium-Jwt-Assertion-For: ${assertion()}`),
      twinSeen: 'api: GET / by api-access for alice',
    },
    'a line end in the id of a person': {
      attack: ask('app', 'GET /', `Authorization: Bearer ${personWithALine}`),
      answers: '200',
      seen: `app: GET / by alice${forgedLine}`,
      twin: ask('app', 'GET /', `Authorization: Bearer ${identity}`),
      twinSeen: 'app: GET / by alice',
    },
  },
  async () => {
    const lines = await newLines();
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).toMatch(/^[ -~]+$/);
      expect(JSON.parse(line)).toMatchObject({ message: 'request', status: 200 });
    }
  },
);

const refused = (attack: string, answers: string): Attack => ({ ...reachesOpen('/'), attack, answers, seen: [] });

/** A token as some write it. */
const spread = ['{\n "alg": "HS256"}', '{\n "sub": "alice"}', 'signature']
  .map((part) => Buffer.from(part).toString('base64url'))
  .join('.');

async function expectNoToken(): Promise<void> {
  const log = (await newLines()).join('\n');
  expect(log).toContain('"message":"request"');
  expect(log).not.toMatch(/eyJ[\w-]{8}/);
  expect(log).not.toContain(spread.slice(0, 8));
}

playAttacks(
  stage,
  'secrets in addresses, which the log must not repeat',
  {
    'in a query that is dropped': {
      ...reachesOpen('/'),
      attack: ask('open', `GET /?pomerium_session=${serviceToken}`),
    },
    'in a query that passes': reachesOpen(`/?access_token=${identity}`),
    'in a path': reachesOpen(`/reports/${identity}`),
    'in a path, with white space in its JSON': reachesOpen(`/reports/${spread}`),
    'in the query of a target that is refused': refused(
      ask('open', `GET http://other/?access_token=${identity}`),
      '400 request-malformed target',
    ),
    'in the query of a path that is refused': refused(
      ask('open', `GET /%2f?access_token=${identity}`),
      '400 request-malformed path',
    ),
    'as user information of a host': refused(
      ask('open', 'GET /').replace('open.localhost', `user:${serviceToken}@open.localhost`),
      '400 request-malformed host',
    ),
  },
  expectNoToken,
);

playAttacks(
  stage,
  'secrets in the wrong place, which the log must not repeat',
  {
    'a credential with a tail': refused(
      ask('open', 'GET /', `Authorization: Pomerium ${serviceToken}~`),
      '401 credential-invalid malformed',
    ),
    'as a coding': refused(
      ask('open', 'POST /', `Transfer-Encoding: ${serviceToken}`),
      '400 request-malformed framing',
    ),
    'as an expectation': refused(ask('open', 'GET /', `Expect: ${serviceToken}`), '417 request-expectation'),
    'in Connection': refused(
      ask('open', 'GET /', `Connection: host, ${serviceToken}`),
      '400 request-malformed connection',
    ),
    'as a method': refused(ask('open', `${serviceToken} /`), '400 request-malformed syntax'),
  },
  expectNoToken,
);

strikeStage(stage);
