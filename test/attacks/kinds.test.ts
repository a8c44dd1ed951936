import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { CLIENT_ID, PEOPLE } from '../../src/demo/scenario.ts';
import { ecdsa, forge, hmac } from '../identity/support/forge.ts';
import { type Attack, playAttacks, playForgeries, strikeStage } from './play-attacks.ts';
import { ask, nowSeconds, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const { accountToken, assertion, provider, serviceToken } = stage;
const { alice } = PEOPLE;
const now = nowSeconds();

const honest = assertion();
const identity = await provider.issue({ ...alice });

playForgeries(stage, 'another kind of token for an assertion', {
  "a service account's token": [serviceToken, 'issuer', honest],
  "a person's identity token": [identity, 'issuer', honest],
  "a person's access token": [await provider.issue({ ...alice }, { typ: 'at+jwt' }), 'issuer', honest],
  'claims of an assertion under the key of service accounts': [accountToken(decodeJwt(honest)), 'signature', honest],
});

const asAlice = ask('app', 'GET /', `Authorization: Bearer ${identity}`);
const asAccount = ask('api', 'GET /', `Authorization: Bearer Pomerium-${serviceToken}`);
const byAlice = { twin: asAlice, twinSeen: 'app: GET / by alice' };
const byAccount = { twin: asAccount, twinSeen: 'api: GET / by api-access' };

playAttacks(stage, 'another kind of token for a credential', {
  'an assertion as a service account': {
    attack: ask('api', 'GET /', `Authorization: Bearer Pomerium-${honest}`),
    answers: '401 credential-invalid forged',
    ...byAccount,
  },
  'an identity token as a service account': {
    attack: ask('api', 'GET /', `Authorization: Bearer Pomerium-${identity}`),
    answers: '401 credential-invalid forged',
    ...byAccount,
  },
  'an assertion as an identity token': {
    attack: ask('app', 'GET /', `Authorization: Bearer ${honest}`),
    answers: '401 unauthenticated user-unauthenticated',
    ...byAlice,
  },
  'an assertion that names the provider as its issuer': {
    attack: ask('app', 'GET /', `Authorization: Bearer ${assertion({ iss: provider.issuer, aud: CLIENT_ID })}`),
    answers: '401 credential-invalid unknown',
    ...byAlice,
  },
  "an assertion alone, as nobody's credential": {
    attack: ask('app', 'GET /', `X-Pomerium-Jwt-Assertion: ${honest}`),
    answers: '401 unauthenticated user-unauthenticated',
    ...byAlice,
  },
});

/** An identity token that is refused, and the honest one beside it. */
const bearer = (token: string, answers: string): Attack => ({
  attack: ask('app', 'GET /', `Authorization: Bearer ${token}`),
  answers,
  ...byAlice,
});
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const claims = { iss: provider.issuer, aud: CLIENT_ID, ...alice, iat: now, exp: now + 300 };
const { kid } = decodeProtectedHeader(identity);

playAttacks(stage, 'other tokens of the provider', {
  'for another client': bearer(await provider.issue({ ...alice, aud: 'other' }), '401 credential-invalid audience'),
  'for us too, but handed to another client': bearer(
    await provider.issue({ ...alice, aud: [CLIENT_ID, 'other'], azp: 'other' }),
    '401 credential-invalid audience',
  ),
  'a logout token by its typ': bearer(
    await provider.issue({ ...alice }, { typ: 'logout+jwt' }),
    '401 credential-invalid malformed',
  ),
  'a logout token by its events': bearer(
    await provider.issue({ ...alice, events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
    '401 credential-invalid malformed',
  ),
  'an access token by its typ': bearer(
    await provider.issue({ ...alice }, { typ: 'at+jwt' }),
    '401 credential-invalid malformed',
  ),
  'an access token by its scope': bearer(
    await provider.issue({ ...alice, scope: 'openid' }),
    '401 credential-invalid malformed',
  ),
  'a token that only the holder of a key may use': bearer(
    await provider.issue({ ...alice, cnf: { jkt: 'x' } }),
    '401 credential-invalid malformed',
  ),
});

playAttacks(stage, 'forged tokens of the provider', {
  "another key under the provider's kid": bearer(
    forge({ alg: 'ES256', kid }, claims, ecdsa(stranger)),
    '401 credential-invalid forged',
  ),
  'HS256 with the client id as the secret': bearer(
    forge({ alg: 'HS256', kid }, claims, hmac(CLIENT_ID)),
    '401 credential-invalid forged',
  ),
  'alg none with a signature of one byte': bearer(
    forge({ alg: 'none', kid }, claims, () => Buffer.alloc(1)),
    '401 credential-invalid forged',
  ),
  expired: bearer(await provider.issue({ ...alice, iat: now - 600, exp: now - 120 }), '401 credential-invalid expired'),
  'issued in the future': bearer(
    await provider.issue({ ...alice, iat: now + 600 }),
    '401 credential-invalid not-yet-valid',
  ),
});

stage.accounts.create('gone', null);
stage.accounts.revoke({ id: 'gone' });

playAttacks(stage, 'honest tokens of people who are not who they seem', {
  'an email that the provider has not verified': bearer(
    await provider.issue({ ...alice, sub: 'mallory', email_verified: false }),
    '403 forbidden domain-unauthorized',
  ),
  'an email with two domains': bearer(
    await provider.issue({ ...alice, email: 'mallory@evil.example@companydomain.com' }),
    '403 forbidden domain-unauthorized',
  ),
  'a list of emails': bearer(
    await provider.issue({ ...alice, email: ['alice@companydomain.com'] }),
    '403 forbidden domain-unauthorized',
  ),
  'the id of a service account': bearer(
    await provider.issue({ ...alice, sub: 'api-access' }),
    '401 identity-ambiguous',
  ),
  'the id of a revoked service account': bearer(
    await provider.issue({ ...alice, sub: 'gone' }),
    '401 identity-ambiguous',
  ),
});

const { email: _, ...nameless } = alice;

playAttacks(stage, 'emails that resemble the domain', {
  'a domain that goes on': bearer(
    await provider.issue({ ...alice, email: 'alice@companydomain.com.evil.example' }),
    '403 forbidden domain-unauthorized',
  ),
  'a line end behind it': bearer(
    await provider.issue({ ...alice, email: 'alice@companydomain.com\n' }),
    '403 forbidden domain-unauthorized',
  ),
  'a letter of another alphabet': bearer(
    await provider.issue({ ...alice, email: 'alice@cоmpanydomain.com' }),
    '403 forbidden domain-unauthorized',
  ),
  'an encoded at sign': bearer(
    await provider.issue({ ...alice, email: 'alice%40companydomain.com' }),
    '403 forbidden domain-unauthorized',
  ),
  'in the prototype of the claims': bearer(
    await provider.issue({ ...nameless, ['__proto__']: { email: alice.email } }),
    '403 forbidden domain-unauthorized',
  ),
});

strikeStage(stage);
