import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { CLIENT_ID, PEOPLE } from '../../src/demo/scenario.ts';
import { ecdsa, forge, hmac } from '../identity/support/forge.ts';
import { type Attack, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const API = 'https://app.localhost';
const stage = await raiseStage({
  settings: { bearer_token_format: 'idp_access_token', idp_access_token_allowed_audiences: [API, CLIENT_ID] },
});
const { provider } = stage;
const { alice } = PEOPLE;

const access = (claims: object = {}, header: object = { typ: 'at+jwt' }) =>
  provider.issue({ ...alice, aud: API, client_id: 'cli', ...claims }, header);
const honest = await access();
const bearer = (token: string, answers: string, ...seen: string[]): Attack => ({
  attack: ask('app', 'GET /', `Authorization: Bearer ${token}`),
  answers,
  seen,
  twin: ask('app', 'GET /', `Authorization: Bearer ${honest}`),
  twinSeen: 'app: GET / by alice',
});

playAttacks(stage, 'another kind of token for an access token', {
  'an identity token for the client': bearer(await provider.issue({ ...alice }), '401 credential-invalid malformed'),
  'an identity token by its nonce': bearer(
    await provider.issue({ ...alice, aud: API, nonce: 'n' }),
    '401 credential-invalid malformed',
  ),
  'a logout token by its typ': bearer(await access({}, { typ: 'logout+jwt' }), '401 credential-invalid malformed'),
  'a logout token by its events': bearer(
    await access({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
    '401 credential-invalid malformed',
  ),
  'a token that only the holder of a key may use': bearer(
    await access({ cnf: { jkt: 'x' } }),
    '401 credential-invalid malformed',
  ),
  'an assertion': bearer(stage.assertion(), '401 unauthenticated user-unauthenticated'),
  'an assertion that names the provider': bearer(
    stage.assertion({ iss: provider.issuer, aud: API }, { typ: 'at+jwt' }),
    '401 credential-invalid unknown',
  ),
  'an access token as a service account': {
    ...bearer(honest, ''),
    attack: ask('app', 'GET /', `Authorization: Bearer Pomerium-${honest}`),
    answers: '401 credential-invalid forged',
  },
});

const { kid } = decodeProtectedHeader(honest);
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

playAttacks(stage, 'access tokens that are not for us', {
  'for another resource': bearer(await access({ aud: 'https://other.example' }), '401 credential-invalid audience'),
  'for nobody': bearer(await access({ aud: [] }), '401 credential-invalid audience'),
  'for a resource that begins alike': bearer(await access({ aud: `${API}.evil` }), '401 credential-invalid audience'),
  expired: bearer(await access({ iat: 1, exp: 2 }), '401 credential-invalid expired'),
  "another key under the provider's kid": bearer(
    forge({ alg: 'ES256', typ: 'at+jwt', kid }, decodeJwt<object>(honest), ecdsa(stranger)),
    '401 credential-invalid forged',
  ),
  'HS256 with the client id as the secret': bearer(
    forge({ alg: 'HS256', typ: 'at+jwt', kid }, decodeJwt<object>(honest), hmac(CLIENT_ID)),
    '401 credential-invalid forged',
  ),
  "another issuer's: the upstream's own affair, which proves nothing": bearer(
    await access({ iss: 'https://idp.evil.example' }),
    '401 unauthenticated user-unauthenticated',
  ),
  'an email that the provider has not verified': bearer(
    await access({ email_verified: false }),
    '403 forbidden domain-unauthorized',
  ),
});

strikeStage(stage);
