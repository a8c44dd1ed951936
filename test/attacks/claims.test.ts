import { ecdsa, forge } from '../identity/support/forge.ts';
import { playForgeries, strikeStage } from './play-attacks.ts';
import { claimsOfAlice, nowSeconds, raiseStage } from './raise-stage.ts';

// All tokens here are signed with the proxy's own key, as if its past self, or a bug of it, had made them.
const stage = await raiseStage();
const { assertion, kid, signingKey } = stage;
const now = nowSeconds();
const honest = assertion();

const text = JSON.stringify(claimsOfAlice());
const withoutEnd = forge(
  { alg: 'ES256', typ: 'JWT', kid },
  text.replace(/"exp":\d+/, '"exp":1e400'),
  ecdsa(signingKey),
);

playForgeries(stage, 'times', {
  expired: [assertion({ iat: now - 300, exp: now - 10 }), 'expired', assertion({ iat: now - 300, exp: now + 200 })],
  'not yet begun': [assertion({ nbf: now + 200 }), 'not-yet-valid', assertion({ nbf: now })],
  'issued in the future': [assertion({ iat: now + 200, exp: now + 300 }), 'not-yet-valid', assertion({ iat: now })],
  'a second longer than ten minutes': [
    assertion({ iat: now, exp: now + 601 }),
    'malformed',
    assertion({ iat: now, exp: now + 600 }),
  ],
  'ends at infinity (1e400)': [withoutEnd, 'malformed', honest],
});

playForgeries(stage, 'types of times', {
  'exp as text': [assertion({ exp: `${now + 300}` }), 'malformed', assertion({ exp: now + 300 })],
  'exp as a list': [assertion({ exp: [now + 300] }), 'malformed', assertion({ exp: now + 300 })],
  'exp below zero': [assertion({ iat: -600, exp: -1 }), 'malformed', honest],
  'exp before iat': [assertion({ iat: now, exp: now }), 'malformed', assertion({ iat: now, exp: now + 200 })],
  'nbf as null': [assertion({ nbf: null }), 'malformed', assertion({ nbf: now })],
});

playForgeries(stage, 'members that are missing', {
  'no exp': [assertion({ exp: undefined }), 'malformed', honest],
  'no iat': [assertion({ iat: undefined }), 'malformed', honest],
  'no jti': [assertion({ jti: undefined }), 'malformed', honest],
  'an empty sub': [assertion({ sub: '' }), 'malformed', honest],
  'neither a person nor a service account': [assertion({ caller_type: undefined }), 'malformed', honest],
});

playForgeries(stage, 'audiences', {
  'a host elsewhere': [assertion({ aud: 'app.evil.example' }), 'audience', assertion({ aud: 'docs.localhost' })],
  'a host of ours and one elsewhere': [
    assertion({ aud: ['app.localhost', 'app.evil.example'] }),
    'malformed',
    assertion({ aud: ['app.localhost'] }),
  ],
  'a host that begins like ours': [assertion({ aud: 'app.localhost.evil.example' }), 'audience', honest],
  'an address instead of a host': [assertion({ aud: 'http://app.localhost' }), 'audience', honest],
  none: [assertion({ aud: undefined }), 'malformed', honest],
});

playForgeries(stage, 'issuers', {
  'the identity provider': [assertion({ iss: stage.provider.issuer }), 'issuer', honest],
  'a homograph of our name': [assertion({ iss: 'аpp.localhost' }), 'issuer', honest],
  'our name with a port': [assertion({ iss: 'app.localhost:8080' }), 'issuer', honest],
  'our name in capitals': [assertion({ iss: 'APP.localhost' }), 'issuer', honest],
  'a list of our names': [assertion({ iss: ['app.localhost'] }), 'issuer', honest],
});

strikeStage(stage);
