import { expect, test } from 'vitest';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { forge, hmac } from '../identity/support/forge.ts';
import { eventually } from '../support/eventually.ts';
import { asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage({ settings: { original_user: 'unverified' } });
const { provider } = stage;

const FOR = 'X-Pomerium-Jwt-Assertion-For';
const ASSERTION = 'X-Pomerium-Jwt-Assertion';
const app = asApp(stage);
const person = `Authorization: Bearer ${await provider.issue({ ...PEOPLE.alice })}`;

/** Nobody's: what it says is for the upstream to judge, which does not know its key. */
const foreign = forge({ alg: 'HS256', typ: 'JWT', kid: 'x' }, { iss: 'elsewhere', sub: 'boss' }, hmac('x'));
const CARRIED = 'for ("alg" (Algorithm) Header Parameter value not allowed)';
const long = (bytes: number) => `${foreign}${'A'.repeat(bytes - foreign.length)}`;
const honest = stage.assertion();

const byApp = {
  twin: ask('api', 'GET /', app, `${FOR}: ${foreign}`),
  twinSeen: `api: GET / by api-access ${CARRIED}`,
};
const refused = (why: string, ...lines: string[]) => ({
  attack: ask('api', 'GET /', app, ...lines),
  answers: `403 forbidden original-user-invalid (${why})`,
  ...byApp,
});

playAttacks(stage, 'who may have something carried that nobody verified', {
  'a person': {
    attack: ask('app', 'GET /', person, `${FOR}: ${foreign}`),
    answers: '200',
    seen: 'app: GET / by alice',
    ...byApp,
  },
  'a person with an Assertion': {
    attack: ask('app', 'GET /', person, `${ASSERTION}: ${honest}`),
    answers: '200',
    seen: 'app: GET / by alice',
    ...byApp,
  },
  nobody: {
    attack: ask('open', 'GET /', `${FOR}: ${foreign}`),
    answers: '200',
    seen: 'open: GET / by nobody',
    ...byApp,
  },
  'a service account, to a route that passes no identity on': {
    attack: ask('plain', 'GET /', app, `${FOR}: ${foreign}`),
    answers: '200',
    seen: 'plain: GET / by nobody',
    ...byApp,
  },
  'a service account whose token is forged': {
    attack: ask(
      'api',
      'GET /',
      `Authorization: Bearer Pomerium-${stage.accountToken({}, {}, hmac('x'))}`,
      `${FOR}: ${foreign}`,
    ),
    answers: '401 credential-invalid forged',
    ...byApp,
  },
  'somebody who has a policy believe it': {
    attack: ask('boss', 'GET /', app, `${FOR}: ${stage.assertion({ sub: 'boss', user: 'boss' })}`),
    answers: '403 forbidden original-user-missing',
    ...byApp,
  },
});

playAttacks(stage, 'what is carried without being verified', {
  'the same, twice': refused('repeated', `${FOR}: ${foreign}`, `${FOR}: ${foreign}`),
  'two in a line': refused('repeated', `${FOR}: ${foreign},${honest}`),
  'two Assertions': refused('repeated', `${ASSERTION}: ${foreign}`, `${ASSERTION}: ${honest}`),
  'no JWS': refused('malformed', `${FOR}: boss`),
  'something behind it': refused('malformed', `${FOR}: ${foreign} x`),
  'padded base64': refused('malformed', `${FOR}: ${foreign}=`),
  'of 9 KiB': {
    ...refused('malformed', `${FOR}: ${long(9 * 1024 + 1)}`),
    twin: ask('api', 'GET /', app, `${FOR}: ${long(8 * 1024 - 2)}`),
  },
  'in parts of JSON': refused('repeated', `${FOR}: {"payload":"e30","signatures":[]}`),
});

playAttacks(stage, 'what is not carried as it stands', {
  'no JWS in front of an honest Assertion': {
    attack: ask('api', 'GET /', app, `${FOR}: boss`, `${ASSERTION}: ${honest}`),
    answers: '403 forbidden original-user-invalid (malformed)',
    twin: ask('api', 'GET /', app, `${FOR}:`, `${ASSERTION}: ${honest}`),
    twinSeen: 'api: GET / by api-access for alice',
  },
  'in an alias of the header': {
    attack: ask('api', 'GET /', app, `X_Pomerium_Jwt_Assertion_For: ${foreign}`),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...byApp,
  },
});

test('each use is told in the log, without the user that it claims', async () => {
  await stage.send(ask('api', 'GET /told', app, `${FOR}: ${foreign}`));
  const line = async () => (await stage.behalf.logLines()).find(({ path }) => path === '/told');
  const told = { original_user_unverified: true, original_user: null, original_user_error: null, status: 200 };
  await eventually(async () => expect(await line()).toMatchObject(told));
});

test('that it is so is told at the start', async () => {
  const lines = await stage.behalf.logLines();
  expect(lines[0]).toMatchObject({ level: 'warn', message: expect.stringMatching(/carried without being verified/) });
});

strikeStage(stage, 1);
