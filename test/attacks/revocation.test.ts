import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { expectWithin } from '../support/eventually.ts';
import { valuesOf } from '../support/start-recorder.ts';
import { asApp, strikeStage } from './play-attacks.ts';
import { ask, nowSeconds, raiseStage, type Stage } from './raise-stage.ts';

const stage: Stage = await raiseStage();
const { behalf, provider, recorders } = stage;

const bearer = (token: string): string => `Authorization: Bearer Pomerium-${token}`;
const passes = (seen: string) => ({ answers: ['200'], seen: [seen] });
const refused = (answer: string) => ({ answers: [answer], seen: [] });

const expectSoon = (request: string, expected: object) => expectWithin(1000, () => stage.exchange(request), expected);

describe('credentials that ended while the proxy ran', () => {
  test('a token after `revoke ID`; that of another account goes on', async () => {
    const request = ask('open', 'GET /', bearer(await behalf.createServiceAccount('leaver')));
    expect(await stage.exchange(request)).toEqual(passes('open: GET / by leaver'));
    await behalf.revokeServiceAccount('leaver');
    await expectSoon(request, refused('401 credential-invalid revoked'));
    expect(await stage.exchange(ask('api', 'GET /', asApp(stage)))).toEqual(passes('api: GET / by api-access'));
  });

  test('a token after `revoke --token JTI`; the second of the account goes on', async () => {
    const [stolen, kept] = [stage.accounts.create('two', null), stage.accounts.create('two', null)];
    expect(await stage.exchange(ask('open', 'GET /', bearer(stolen)))).toEqual(passes('open: GET / by two'));
    await behalf.revokeServiceAccount('two', '--token', String(decodeJwt(stolen).jti));
    await expectSoon(ask('open', 'GET /', bearer(stolen)), refused('401 credential-invalid revoked'));
    expect(await stage.exchange(ask('open', 'GET /', bearer(kept)))).toEqual(passes('open: GET / by two'));
  });

  test('the assertion of a service account that was revoked since, carried by another', async () => {
    const token = stage.accounts.create('middle', null);
    expect(await stage.exchange(ask('open', 'GET /', bearer(token)))).toEqual(passes('open: GET / by middle'));
    const [assertion] = recorders.open.requests.flatMap((request) => valuesOf(request, 'X-Pomerium-Jwt-Assertion'));
    const request = ask('api', 'GET /', asApp(stage), `X-Pomerium-Jwt-Assertion-For: ${assertion}`);
    expect(await stage.exchange(request)).toEqual(passes('api: GET / by api-access for middle'));
    stage.accounts.revoke({ id: 'middle' });
    await expectSoon(request, refused('403 forbidden original-user-invalid (revoked)'));
  });

  test('a token that ends in some seconds', async () => {
    const request = ask('open', 'GET /', bearer(stage.accounts.create('brief', 5)));
    expect(await stage.exchange(request)).toEqual(passes('open: GET / by brief'));
    await expectWithin(5500, () => stage.exchange(request), refused('401 credential-invalid expired'));
  });

  test("an assertion that would outlive the person's token", async () => {
    const exp = nowSeconds() + 10;
    for (const [claims, life] of [
      [{ exp }, 70],
      [{}, 300],
    ] as const) {
      const token = await provider.issue({ ...PEOPLE.alice, ...claims });
      await stage.exchange(ask('app', 'GET /', `Authorization: Bearer ${token}`));
      const [assertion = ''] = recorders.app.requests.flatMap((one) => valuesOf(one, 'X-Pomerium-Jwt-Assertion'));
      const { iat = 0, exp: end = 0 } = decodeJwt(assertion);
      expect(end - iat).toBeLessThanOrEqual(life);
      expect(end - iat).toBeGreaterThan(life - 10);
    }
  });
});

strikeStage(stage);
