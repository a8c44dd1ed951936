import { generateKeyPairSync } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { exportJWK } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { ecdsa, forge, hmac } from '../identity/support/forge.ts';
import { startRecorder } from '../support/start-recorder.ts';
import { playForgeries, strikeStage } from './play-attacks.ts';
import { claimsOfAlice, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const { assertion, publicKey, signingKey } = stage;

const attacker = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const attackersJwk = await exportJWK(attacker.publicKey);
const byAttacker = ecdsa(attacker.privateKey);
/** Would make every token of the attacker's valid, if the proxy asked. */
const attackersKeys = await startRecorder((_, response) => {
  response.end(JSON.stringify({ keys: [{ ...attackersJwk, kid: stage.kid, alg: 'ES256', use: 'sig' }] }));
});
afterAll(() => attackersKeys[Symbol.asyncDispose]());

const honest = assertion();
const another = assertion({ sub: 'bob' });
const publicPem = publicKey.export({ format: 'pem', type: 'spki' });

playForgeries(stage, 'signatures', {
  "another key under the proxy's kid": [assertion({}, {}, byAttacker), 'signature', honest],
  'alg none, no signature': [assertion({}, { alg: 'none' }, () => Buffer.alloc(0)), 'malformed', honest],
  'HS256 with the public PEM as the secret': [
    assertion({}, { alg: 'HS256' }, hmac(`${publicPem}`)),
    'signature',
    honest,
  ],
  'r and s of zero': [assertion({}, {}, () => Buffer.alloc(64)), 'signature', honest],
  'the signature of another honest token': [
    `${honest.slice(0, honest.lastIndexOf('.'))}${another.slice(another.lastIndexOf('.'))}`,
    'signature',
    honest,
  ],
});

playForgeries(stage, 'keys that the token brings along', {
  jwk: [assertion({}, { jwk: attackersJwk }, byAttacker), 'signature', honest],
  'jku, without a kid': [
    assertion({}, { jku: `${attackersKeys.url}/jwks`, kid: undefined }, byAttacker),
    'signature',
    honest,
  ],
  x5u: [assertion({}, { x5u: `${attackersKeys.url}/chain.pem` }, byAttacker), 'signature', honest],
  x5c: [
    assertion({}, { x5c: [attacker.publicKey.export({ format: 'der', type: 'spki' }).toString('base64')] }, byAttacker),
    'signature',
    honest,
  ],
  'a kid that is a path to an empty secret': [
    assertion({}, { alg: 'HS256', kid: '../../../../dev/null' }, hmac('')),
    'signature',
    honest,
  ],
});

test('nobody asked the attacker for keys', () => {
  expect(attackersKeys.requests).toEqual([]);
});

// Signed with the proxy's own key: nobody else could make them, and they are refused all the same.
const payload = Buffer.from(JSON.stringify(claimsOfAlice()));

playForgeries(stage, 'what a header may not say', {
  'crit, of a claim that is there': [assertion({}, { crit: ['exp'] }), 'malformed', honest],
  'b64 false, without crit': [assertion({}, { b64: false }), 'malformed', honest],
  'zip, and a deflated payload': [
    forge({ alg: 'ES256', typ: 'JWT', kid: stage.kid, zip: 'DEF' }, deflateRawSync(payload), ecdsa(signingKey)),
    'malformed',
    honest,
  ],
  'typ of a logout token': [assertion({}, { typ: 'logout+jwt' }), 'signature', honest],
  'a list of kids': [assertion({}, { kid: [stage.kid] }), 'signature', honest],
});

strikeStage(stage);
