import { describe, expect, test } from 'vitest';
import { CLIENT_ID, PEOPLE } from '../../src/demo/scenario.ts';
import { ecdsa, forge } from '../identity/support/forge.ts';
import { asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, claimsOfAlice, nowSeconds, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const { kid, provider, signingKey } = stage;
const app = asApp(stage);
const FOR = 'X-Pomerium-Jwt-Assertion-For';

const forAlice = {
  twin: ask('api', 'GET /', app, `${FOR}: ${stage.assertion()}`),
  twinSeen: 'api: GET / by api-access for alice',
};
const malformed = (token: string) => ({
  attack: ask('api', 'GET /', app, `${FOR}: ${token}`),
  answers: '403 forbidden original-user-invalid (malformed)',
  ...forAlice,
});
const sign = (payload: string) => forge({ alg: 'ES256', typ: 'JWT', kid }, payload, ecdsa(signingKey));
const claims = JSON.stringify(claimsOfAlice());
const withClaim = (more: string) => sign(claims.replace(/}$/, `,${more}}`));

playAttacks(stage, 'tokens that cost', {
  '10,000 dots': malformed('.'.repeat(10_000)),
  'an honest one of more than 8 KiB': {
    ...malformed(withClaim(`"x":"${'a'.repeat(6000)}"`)),
    twin: ask('api', 'GET /', app, `${FOR}: ${withClaim(`"x":"${'a'.repeat(5000)}"`)}`),
  },
  // Parsed before its signature is looked at; what is in it has no name, and so no meaning for a policy.
  'lists in lists, 2,500 deep': {
    ...malformed(withClaim(`"x":${'['.repeat(2500)}${']'.repeat(2500)}`)),
    answers: '200',
    seen: forAlice.twinSeen,
  },
  'objects in objects, 500 deep': malformed(withClaim(`"x":${'{"x":'.repeat(500)}1${'}'.repeat(500)}`)),
  '100 KiB': { ...malformed('A'.repeat(100 * 1024)), answers: '431 request-too-large' },
});

const many = (count: number, line: string) => Array.from({ length: count }, () => line);

playAttacks(stage, 'requests that cost', {
  '300 headers': {
    attack: ask('api', 'GET /', app, ...many(300, 'X: y')),
    answers: '431 request-too-large',
    twin: ask('api', 'GET /', app),
    twinSeen: 'api: GET / by api-access',
  },
  'a path of 4,000 segments': {
    attack: ask('docs', `GET ${'/a'.repeat(3000)}${'/..'.repeat(1000)}/admin`),
    answers: '200',
    seen: `docs: GET ${'/a'.repeat(2000)}/admin by nobody`,
    twin: ask('docs', 'GET /a'),
    twinSeen: 'docs: GET /a by nobody',
  },
  'a query of 6,000 parameters': {
    attack: ask('docs', `GET /?${'%&'.repeat(6000)}pomerium_session=x`),
    answers: '200',
    seen: `docs: GET /?${'%&'.repeat(6000).slice(0, -1)} by nobody`,
    twin: ask('docs', 'GET /?%&'),
    twinSeen: 'docs: GET /?%& by nobody',
  },
  '2,000 cookies of ours': {
    attack: ask('docs', 'GET /', `Cookie: ${'_pomerium=a;'.repeat(2000)}`),
    answers: '200',
    seen: 'docs: GET / by nobody',
    twin: ask('docs', 'GET /', 'Cookie: a=b'),
    twinSeen: 'docs: GET / by nobody [cookie: a=b]',
  },
  '1,000 names in Connection': {
    attack: ask('docs', 'GET /', `Connection: ${many(1000, 'x-team').join(',')}`, 'X-Team: blue'),
    answers: '200',
    seen: 'docs: GET / by nobody',
    twin: ask('docs', 'GET /', 'X-Team: blue'),
    twinSeen: 'docs: GET / by nobody [x-team: blue]',
  },
});

describe('floods', () => {
  test('3,000 requests at once on one connection are not all taken, and harm nobody else', async () => {
    const { requests } = stage.recorders.docs;
    const before = requests.length;
    const flood = `GET / HTTP/1.1\r\nHost: docs.localhost\r\n\r\n`.repeat(3000);
    await stage.send(flood);
    expect(requests.length - before).toBeLessThan(3000);
    requests.splice(before);
    const pipelined = `GET / HTTP/1.1\r\nHost: docs.localhost\r\n\r\n`.repeat(9) + ask('docs', 'GET /');
    expect(await stage.exchange(pipelined)).toMatchObject({ answers: Array.from({ length: 10 }, () => '200') });
  });

  test('keys that nobody knows cost the provider at most one question', async () => {
    const honest = ask('app', 'GET /', `Authorization: Bearer ${await provider.issue({ ...PEOPLE.alice })}`);
    expect(await stage.exchange(honest)).toEqual({ answers: ['200'], seen: ['app: GET / by alice'] });
    const before = provider.requests.length;
    const payload = {
      iss: provider.issuer,
      aud: CLIENT_ID,
      ...PEOPLE.alice,
      iat: nowSeconds(),
      exp: nowSeconds() + 60,
    };
    for (let n = 0; n < 20; n += 1) {
      const token = forge({ alg: 'ES256', kid: `unknown-${n}` }, payload, ecdsa(signingKey));
      const { answers, seen } = await stage.exchange(ask('app', 'GET /', `Authorization: Bearer ${token}`));
      expect({ answers, seen }).toEqual({ answers: ['401 credential-invalid unknown'], seen: [] });
    }
    expect(provider.requests.length - before).toBeLessThanOrEqual(1);
    expect(await stage.exchange(honest)).toEqual({ answers: ['200'], seen: ['app: GET / by alice'] });
  });

  test('it is still quick', async () => {
    // What attacks have left behind stays; what else the machine has to do comes and goes.
    const times: number[] = [];
    while (times.length < 10 && Math.min(...times) >= 3000) {
      const started = performance.now();
      for (let n = 0; n < 20; n += 1) {
        expect(await stage.exchange(forAlice.twin)).toEqual({ answers: ['200'], seen: [forAlice.twinSeen] });
      }
      times.push(performance.now() - started);
    }
    expect(Math.min(...times)).toBeLessThan(3000);
  });
});

strikeStage(stage);
