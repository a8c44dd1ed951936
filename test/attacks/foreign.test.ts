import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import { afterAll, expect, test } from 'vitest';
import { ecdsa, forge, hmac, type Signer } from '../identity/support/forge.ts';
import { startRecorder } from '../support/start-recorder.ts';
import { asApp, playAttacks, playForgeries, strikeStage } from './play-attacks.ts';
import { ask, claimsOfAlice, nowSeconds, raiseStage } from './raise-stage.ts';

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const jwkOf = (key: KeyObject, kid: string): JWK => ({
  ...key.export({ format: 'jwk' }),
  kid,
  alg: 'ES256',
  use: 'sig',
});
const jwks = (...keys: JWK[]) => startRecorder((_, response) => response.end(JSON.stringify({ keys })));

const PARTNER = 'proxy.partner.example';
const SECOND = 'proxy.second.example';
const partner = newKeys();
const second = newKeys();
const attacker = newKeys();
const partnerJwk = jwkOf(partner.publicKey, 'partner');
const secondJwk = jwkOf(second.publicKey, 'second');
/** What a trusted issuer publishes may change: the test adds our own kid to it, once that is known. */
const published = [partnerJwk];
const partnersKeys = await startRecorder((_, response) => response.end(JSON.stringify({ keys: published })));
const secondsKeys = await jwks(secondJwk);
const attackersKeys = await jwks(jwkOf(attacker.publicKey, 'partner'), jwkOf(attacker.publicKey, 'attacker'));
afterAll(async () => {
  for (const server of [partnersKeys, secondsKeys, attackersKeys]) await server[Symbol.asyncDispose]();
});

const stage = await raiseStage({
  settings: {
    clock_skew: '10s',
    trusted_issuers: [
      {
        issuer: PARTNER,
        jwks_url: `${partnersKeys.url}/jwks`,
        audiences: ['hub.partner.example'],
        domains: ['partner.example'],
        max_lifetime: '5m',
      },
      {
        issuer: SECOND,
        jwks_url: `${secondsKeys.url}/jwks`,
        audiences: ['hub.second.example'],
        domains: ['second.example'],
      },
    ],
  },
  foreignKeys: [partnerJwk, secondJwk],
});
published.push(jwkOf(partner.publicKey, stage.kid));
const now = nowSeconds();

/** An assertion about the partner's own alice, as its Pomerium writes it, but for these. */
function foreign(claims: object = {}, header: object = {}, signer: Signer = ecdsa(partner.privateKey)): string {
  const { caller_type: _, ...usual } = claimsOfAlice();
  const about = { iss: PARTNER, aud: 'hub.partner.example', email: 'alice@partner.example' };
  return forge({ alg: 'ES256', typ: 'JWT', kid: 'partner', ...header }, { ...usual, ...about, ...claims }, signer);
}
const honest = foreign();
const ours = stage.assertion();
const bySecond = ecdsa(second.privateKey);
const byAttacker = ecdsa(attacker.privateKey);

playForgeries(stage, 'whom another proxy may speak for', {
  'somebody of our domain': [foreign({ email: 'alice@companydomain.com' }), 'issuer', honest],
  "somebody of another proxy's domain": [
    foreign({ email: 'alice@second.example' }),
    'issuer',
    foreign({ iss: SECOND, aud: 'hub.second.example', email: 'alice@second.example' }, { kid: 'second' }, bySecond),
  ],
  'an address with our domain inside': [foreign({ email: 'a@companydomain.com@partner.example' }), 'issuer', honest],
  'a domain that ends like its own': [foreign({ email: 'alice@notpartner.example' }), 'issuer', honest],
  'nobody by email': [foreign({ email: '' }), 'issuer', honest],
  'an email that it has not verified': [
    foreign({ email_verified: false }),
    'issuer',
    foreign({ email_verified: true }),
  ],
  'a service account of ours': [foreign({ sub: 'api-access', user: 'api-access' }), 'issuer', honest],
  'a service account of its own': [foreign({ caller_type: 'service_account' }), 'issuer', honest],
});

playForgeries(stage, 'names and keys that do not belong together', {
  'our name with its key': [stage.assertion({}, { kid: 'partner' }, ecdsa(partner.privateKey)), 'signature', ours],
  'our name with its key under our kid, which it publishes': [
    stage.assertion({}, {}, ecdsa(partner.privateKey)),
    'signature',
    ours,
  ],
  'its name with our key': [foreign({}, { kid: stage.kid }, ecdsa(stage.signingKey)), 'signature', honest],
  "its name with another proxy's key": [foreign({}, { kid: 'second' }, bySecond), 'signature', honest],
  "another proxy's name with its key": [foreign({ iss: SECOND, aud: 'hub.second.example' }), 'signature', honest],
  'a name that nobody trusts': [foreign({ iss: 'proxy.evil.example' }), 'issuer', honest],
  'its name in capitals': [foreign({ iss: PARTNER.toUpperCase() }), 'issuer', honest],
  'its name as an address': [foreign({ iss: `https://${PARTNER}/` }), 'issuer', honest],
});

const partnersPem = `${partner.publicKey.export({ format: 'pem', type: 'spki' })}`;

playForgeries(stage, "forged assertions of another proxy's", {
  'another key under its kid': [foreign({}, {}, byAttacker), 'signature', honest],
  'alg none, no signature': [foreign({}, { alg: 'none' }, () => Buffer.alloc(0)), 'malformed', honest],
  'alg none, a signature of one byte': [foreign({}, { alg: 'none' }, () => Buffer.alloc(1)), 'signature', honest],
  'HS256 with its public key as the secret': [foreign({}, { alg: 'HS256' }, hmac(partnersPem)), 'signature', honest],
  jku: [foreign({}, { jku: `${attackersKeys.url}/jwks` }, byAttacker), 'signature', honest],
  jwk: [foreign({}, { jwk: jwkOf(attacker.publicKey, 'partner') }, byAttacker), 'signature', honest],
  'x5u, under a kid of its own': [
    foreign({}, { kid: 'attacker', x5u: `${attackersKeys.url}/chain.pem` }, byAttacker),
    'signature',
    honest,
  ],
  'jku, signed with its own key': [foreign({}, { jku: `${attackersKeys.url}/jwks` }), 'signature', honest],
});

test('nobody asked the attacker for keys', () => {
  expect(attackersKeys.requests).toEqual([]);
});

playForgeries(stage, 'what an assertion of another proxy may not say', {
  'an audience elsewhere': [foreign({ aud: 'hub.second.example' }), 'audience', honest],
  'a host of ours that it is not trusted for': [foreign({ aud: 'api.localhost' }), 'audience', honest],
  'two audiences': [
    foreign({ aud: ['hub.partner.example', 'api.localhost'] }),
    'malformed',
    foreign({ aud: ['hub.partner.example'] }),
  ],
  'a life of a second too long': [foreign({ iat: now, exp: now + 301 }), 'malformed', honest],
  'an end in the past': [foreign({ iat: now - 300, exp: now - 20 }), 'expired', honest],
  'a beginning in the future': [foreign({ nbf: now + 200 }), 'not-yet-valid', honest],
  'no jti': [foreign({ jti: undefined }), 'malformed', honest],
  'typ of an access token': [foreign({}, { typ: 'at+jwt' }), 'signature', honest],
});

const bring = (token: string) => ask('boss', 'GET /', asApp(stage), `X-Pomerium-Jwt-Assertion-For: ${token}`);

playAttacks(stage, "another proxy's namesakes", {
  'of a person whom a policy names': {
    attack: bring(foreign({ sub: 'boss', user: 'boss' })),
    answers: '403 forbidden original-user-unauthorized',
    twin: bring(stage.assertion({ sub: 'boss', user: 'boss' })),
    twinSeen: 'boss: GET / by api-access for boss',
  },
});

strikeStage(stage);
