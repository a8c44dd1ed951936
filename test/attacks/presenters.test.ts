import { decodeJwt } from 'jose';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const { accounts, assertion, provider } = stage;

const FOR = 'X-Pomerium-Jwt-Assertion-For';
const ASSERTION = 'X-Pomerium-Jwt-Assertion';
const app = asApp(stage);
const person = `Authorization: Bearer ${await provider.issue({ ...PEOPLE.alice })}`;
const alices = assertion();
const bobs = assertion({ sub: 'bob', user: 'bob', email: 'bob@companydomain.com', sid: 'session-of-bob' });
const forged = assertion({ sub: 'boss' }, {}, () => Buffer.alloc(64));

const forAlice = {
  twin: ask('api', 'GET /', app, `${FOR}: ${alices}`),
  twinSeen: 'api: GET / by api-access for alice',
};

playAttacks(stage, 'who may speak for somebody', {
  "a person with somebody's -For": {
    attack: ask('app', 'GET /', person, `${FOR}: ${bobs}`),
    answers: '200',
    seen: 'app: GET / by alice',
    twin: ask('app', 'GET /', person),
    twinSeen: 'app: GET / by alice',
  },
  "a person with somebody's Assertion": {
    attack: ask('app', 'GET /', person, `${ASSERTION}: ${bobs}`),
    answers: '200',
    seen: 'app: GET / by alice',
    twin: ask('app', 'GET /', person),
    twinSeen: 'app: GET / by alice',
  },
  "nobody with somebody's -For": {
    attack: ask('open', 'GET /', `${FOR}: ${alices}`),
    answers: '200',
    seen: 'open: GET / by nobody',
    twin: ask('open', 'GET /', app, `${FOR}: ${alices}`),
    twinSeen: 'open: GET / by api-access for alice',
  },
  "nobody with somebody's Assertion": {
    attack: ask('open', 'GET /', `${ASSERTION}: ${alices}`),
    answers: '200',
    seen: 'open: GET / by nobody',
    twin: ask('open', 'GET /', app, `${ASSERTION}: ${alices}`),
    twinSeen: 'open: GET / by api-access for alice',
  },
  'a service account to a route that passes no identity on': {
    attack: ask('plain', 'GET /', app, `${FOR}: ${alices}`, `${ASSERTION}: ${bobs}`),
    answers: '200',
    seen: 'plain: GET / by nobody',
    ...forAlice,
  },
});

playAttacks(stage, 'several values', {
  'one honest -For, twice': {
    attack: ask('api', 'GET /', app, `${FOR}: ${alices}`, `${FOR}: ${alices}`),
    answers: '403 forbidden original-user-invalid (repeated)',
    ...forAlice,
  },
  'two honest ones in a line': {
    attack: ask('api', 'GET /', app, `${FOR}: ${alices}, ${bobs}`),
    answers: '403 forbidden original-user-invalid (repeated)',
    ...forAlice,
  },
  'an honest -For, then a forged one in capitals': {
    attack: ask('api', 'GET /', app, `${FOR}: ${alices}`, `${FOR.toUpperCase()}: ${forged}`),
    answers: '403 forbidden original-user-invalid (repeated)',
    ...forAlice,
  },
  'an empty -For, then an honest one': {
    attack: ask('api', 'GET /', app, `${FOR}:`, `${FOR}: ${alices}`),
    answers: '403 forbidden original-user-invalid (repeated)',
    ...forAlice,
  },
  'two Assertions': {
    attack: ask('api', 'GET /', app, `${ASSERTION}: ${alices}`, `${ASSERTION}: ${bobs}`),
    answers: '403 forbidden original-user-invalid (repeated)',
    ...forAlice,
  },
});

playAttacks(stage, 'the two headers against each other', {
  'a forged -For behind an honest Assertion': {
    attack: ask('api', 'GET /', app, `${ASSERTION}: ${alices}`, `${FOR}: ${forged}`),
    answers: '403 forbidden original-user-invalid (signature)',
    twin: ask('api', 'GET /', app, `${ASSERTION}: ${alices}`, `${FOR}: ${bobs}`),
    twinSeen: 'api: GET / by api-access for bob',
  },
  'an empty -For, which is none, in front of a forged Assertion': {
    attack: ask('api', 'GET /', app, `${FOR}:`, `${ASSERTION}: ${forged}`),
    answers: '403 forbidden original-user-invalid (signature)',
    twin: ask('api', 'GET /', app, `${FOR}:`, `${ASSERTION}: ${alices}`),
    twinSeen: 'api: GET / by api-access for alice',
  },
  'a forged Assertion beside an honest -For: not read': {
    attack: ask('api', 'GET /', app, `${ASSERTION}: ${forged}`, `${FOR}: ${alices}`),
    answers: '200',
    seen: 'api: GET / by api-access for alice',
    ...forAlice,
  },
  'both forged': {
    attack: ask('api', 'GET /', app, `${ASSERTION}: ${forged}`, `${FOR}: ${forged}`),
    answers: '403 forbidden original-user-invalid (signature)',
    ...forAlice,
  },
  'a forged Assertion alone': {
    attack: ask('api', 'GET /', app, `${ASSERTION}: ${forged}`),
    answers: '403 forbidden original-user-invalid (signature)',
    ...forAlice,
  },
});

const bossAccount = decodeJwt(accounts.create('boss', null));
const bosses = { sub: 'boss', user: 'boss', email: 'boss@companydomain.com' };
const forBoss = {
  twin: ask('boss', 'GET /', app, `${FOR}: ${assertion(bosses)}`),
  twinSeen: 'boss: GET / by api-access for boss',
};
const lostAccount = { sub: 'lost', user: 'lost', email: '', caller_type: 'service_account', sid: 'no-such-record' };
const mailAccount = accounts.create('eve@companydomain.com', null);

playAttacks(stage, 'somebody of the same name', {
  'a service account called as the boss is, for itself': {
    attack: ask('boss', 'GET /', `Authorization: Bearer Pomerium-${accounts.create('boss', null)}`),
    answers: '403 forbidden original-user-missing',
    ...forBoss,
  },
  'a service account called as the boss is, as original user': {
    attack: ask(
      'boss',
      'GET /',
      app,
      `${FOR}: ${assertion({ ...bosses, caller_type: 'service_account', sid: bossAccount.jti })}`,
    ),
    answers: '403 forbidden original-user-unauthorized',
    ...forBoss,
  },
  'another person than the boss': {
    attack: ask('boss', 'GET /', app, `${FOR}: ${assertion({ ...bosses, sub: 'alice' })}`),
    answers: '403 forbidden original-user-unauthorized',
    ...forBoss,
  },
  'a service account that the store does not know': {
    attack: ask('api', 'GET /', app, `${FOR}: ${assertion(lostAccount)}`),
    answers: '403 forbidden original-user-invalid (revoked)',
    ...forAlice,
  },
  'a service account whose id is an address of the domain': {
    attack: ask('app', 'GET /', `Authorization: Bearer Pomerium-${mailAccount}`),
    answers: '403 forbidden domain-unauthorized',
    twin: ask('app', 'GET /', person),
    twinSeen: 'app: GET / by alice',
  },
});

const bound = (id: string, routes: object) => `Authorization: Bearer Pomerium-${accounts.create(id, null, routes)}`;
const strangers = assertion({ iss: 'docs.localhost', aud: 'docs.localhost' });
const atOpen = (presenter: string, token: string) => ask('open', 'GET /', presenter, `${FOR}: ${token}`);
const ofApp = bound('app-only', { serves: ['app'] });
const ofApi = bound('api-only', { serves: ['api'], carries: ['app'] });

playAttacks(stage, 'a presenter that was made for some routes', {
  "a stranger's assertion as -For": {
    attack: atOpen(ofApp, strangers),
    answers: '403 forbidden original-user-invalid (presenter)',
    twin: atOpen(ofApp, alices),
    twinSeen: 'open: GET / by app-only for alice',
  },
  "a stranger's assertion as Assertion": {
    attack: ask('open', 'GET /', ofApp, `${ASSERTION}: ${strangers}`),
    answers: '403 forbidden original-user-invalid (presenter)',
    twin: ask('open', 'GET /', ofApp, `${ASSERTION}: ${alices}`),
    twinSeen: 'open: GET / by app-only for alice',
  },
  'one that another presenter brought before': {
    attack: atOpen(ofApi, strangers),
    answers: '403 forbidden original-user-invalid (presenter)',
    twin: atOpen(app, strangers),
    twinSeen: 'open: GET / by api-access for alice',
  },
  'the issuer is its route, the audience is not': {
    attack: atOpen(ofApp, assertion({ aud: 'docs.localhost' })),
    answers: '403 forbidden original-user-invalid (presenter)',
    twin: atOpen(ofApp, assertion({ iss: 'docs.localhost' })),
    twinSeen: 'open: GET / by app-only for alice',
  },
  'a wildcard of its own over a host that has routes of its own': {
    attack: ask(
      'open',
      'GET /',
      bound('rest-only', { serves: ['loopback-rest'] }),
      `${FOR}: ${assertion({ iss: '127.0.0.1', aud: '127.0.0.1' })}`,
    ),
    answers: '403 forbidden original-user-invalid (presenter)',
    twin: ask(
      'open',
      'GET /',
      bound('rest-only', { serves: ['loopback-rest'] }),
      `${FOR}: ${assertion({ iss: '127.0.0.2', aud: '127.0.0.2' })}`,
    ),
    twinSeen: 'open: GET / by rest-only for alice',
  },
  'a forged one of its own route': {
    attack: atOpen(ofApp, forged),
    answers: '403 forbidden original-user-invalid (signature)',
    twin: atOpen(ofApi, alices),
    twinSeen: 'open: GET / by api-only for alice',
  },
});

strikeStage(stage);
