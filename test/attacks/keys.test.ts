import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { calculateJwkThumbprint, decodeProtectedHeader, type JWK } from 'jose';
import { describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { openStateKeys } from '../../src/identity/open-state-keys.ts';
import { ecdsa, hmac, rsa, type Signer } from '../identity/support/forge.ts';
import { expectWithin } from '../support/eventually.ts';
import { valuesOf } from '../support/start-recorder.ts';
import { asApp, playForgeries, strikeStage } from './play-attacks.ts';
import { ask, nowSeconds, raiseStage } from './raise-stage.ts';

const es = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const rs = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed = generateKeyPairSync('ed25519').privateKey;
const kidOf = (key: KeyObject) => calculateJwkThumbprint(createPublicKey(key).export({ format: 'jwk' }) as JWK);
const [esKid, rsKid, edKid] = await Promise.all([es, rs, ed].map(kidOf));
const pemOf = (key: KeyObject) => String(key.export({ format: 'pem', type: 'pkcs8' }));
const publicPem = (key: KeyObject) => String(createPublicKey(key).export({ format: 'pem', type: 'spki' }));
const eddsa =
  (key: KeyObject): Signer =>
  (input) =>
    sign(null, Buffer.from(input), key);
const pss: Signer = (input) => sign('sha256', Buffer.from(input), { key: rs, padding: 6, saltLength: 32 });

const FOR = 'X-Pomerium-Jwt-Assertion-For';
const refused = (why: string) => ({ answers: [`403 forbidden original-user-invalid (${why})`], seen: [] });

const several = await raiseStage({ settings: { signing_key: [es, rs, ed].map(pemOf).join('') } });
const { assertion } = several;
const honest = {
  es: assertion({}, { kid: esKid }, ecdsa(es)),
  rs: assertion({}, { alg: 'RS256', kid: rsKid }, rsa(rs)),
  ed: assertion({}, { alg: 'EdDSA', kid: edKid }, eddsa(ed)),
};
/** Left in the state folder, where keys are that count for nothing as long as the configuration gives others. */
using unused = openStateKeys(several.behalf.stateDir);
const [{ kid: unusedKid } = { kid: '' }] = unused.list();

playForgeries(several, 'several keys', {
  'HS256 with the public RSA key as the secret': [
    assertion({}, { alg: 'HS256', kid: rsKid }, hmac(publicPem(rs))),
    'signature',
    honest.rs,
  ],
  'HS256 with the public Ed25519 key as the secret': [
    assertion({}, { alg: 'HS256', kid: edKid }, hmac(publicPem(ed))),
    'signature',
    honest.ed,
  ],
  'the kid of one, the signature of another': [
    assertion({}, { alg: 'RS256', kid: esKid }, rsa(rs)),
    'signature',
    honest.rs,
  ],
  'EdDSA under the kid of ES256': [assertion({}, { alg: 'EdDSA', kid: esKid }, eddsa(ed)), 'signature', honest.ed],
  'ES256 under the kid of RS256, and its alg': [
    assertion({}, { alg: 'RS256', kid: rsKid }, ecdsa(es)),
    'signature',
    honest.es,
  ],
  'another algorithm of the same RSA key': [assertion({}, { alg: 'PS256', kid: rsKid }, pss), 'signature', honest.rs],
  'another name for EdDSA': [assertion({}, { alg: 'Ed25519', kid: edKid }, eddsa(ed)), 'signature', honest.ed],
  'a key of the state folder, while others are given': [
    assertion({}, { kid: unusedKid }, ecdsa(readKey(several.behalf.stateDir))),
    'signature',
    honest.es,
  ],
});

function readKey(stateDir: string): KeyObject {
  using store = new DatabaseSync(`${stateDir}/store.sqlite`, { readOnly: true });
  const { pem } = store.prepare('SELECT pem FROM signing_keys').get() ?? {};
  return createPrivateKey(String(pem));
}

const rotating = await raiseStage({ settings: { signing_key: undefined } });

describe('what was verified, and ended since', () => {
  const bring = (token: string) => rotating.exchange(ask('api', 'GET /', asApp(rotating), `${FOR}: ${token}`));
  const aliceAtApp = async (): Promise<string> => {
    const person = await rotating.provider.issue({ ...PEOPLE.alice });
    await rotating.exchange(ask('app', 'GET /', `Authorization: Bearer ${person}`));
    const [token = ''] = rotating.recorders.app.requests.flatMap((one) => valuesOf(one, 'X-Pomerium-Jwt-Assertion'));
    return token;
  };

  test('by a key that is revoked', async () => {
    const before = await aliceAtApp();
    expect((await bring(before)).answers).toEqual(['200']);
    using keys = openStateKeys(rotating.behalf.stateDir);
    const successor = keys.revoke(String(decodeProtectedHeader(before).kid), null);
    await expectWithin(1000, () => bring(before), refused('signature'));
    // What was signed before is not given again, though the same person asks for it within 30 s.
    const after = await aliceAtApp();
    expect(decodeProtectedHeader(after).kid).toBe(successor?.kid);
    expect((await bring(after)).answers).toEqual(['200']);
  });

  test('with its time', async () => {
    const key = readKey(rotating.behalf.stateDir);
    const kid = await kidOf(key);
    const now = nowSeconds();
    const ending = rotating.assertion({ iat: now - 300, exp: now }, { kid }, ecdsa(key));
    const lasting = rotating.assertion({}, { kid }, ecdsa(key));
    expect((await bring(ending)).answers).toEqual(['200']);
    await expectWithin(5500, () => bring(ending), refused('expired'));
    expect((await bring(lasting)).answers).toEqual(['200']);
  });

  test('a key of another proxy, under the kid of ours', async () => {
    const kid = await kidOf(readKey(rotating.behalf.stateDir));
    expect(await bring(rotating.assertion({}, { kid }, ecdsa(readKey(several.behalf.stateDir))))).toEqual(
      refused('signature'),
    );
    expect((await bring(await aliceAtApp())).answers).toEqual(['200']);
  });
});

strikeStage(several);
strikeStage(rotating);
