import { randomUUID } from 'node:crypto';
import { decodeJwt } from 'jose';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { hmac } from '../identity/support/forge.ts';
import { type Attack, asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, nowSeconds, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const { accounts, accountToken, serviceToken } = stage;
const app = asApp(stage);
const now = nowSeconds();
const honest = { twin: ask('api', 'GET /', app), twinSeen: 'api: GET / by api-access' };

/** A service account's token that is refused, and the honest one beside it. */
const bearer = (token: string, reason: string): Attack => ({
  attack: ask('api', 'GET /', `Authorization: Bearer Pomerium-${token}`),
  answers: `401 credential-invalid ${reason}`,
  ...honest,
});
const [header = '', , signature = ''] = serviceToken.split('.');
const otherPayload = Buffer.from(JSON.stringify({ ...decodeJwt(serviceToken), jti: randomUUID() })).toString(
  'base64url',
);

playAttacks(stage, 'forged tokens of service accounts', {
  'alg none, no signature': bearer(
    accountToken({}, { alg: 'none' }, () => Buffer.alloc(0)),
    'malformed',
  ),
  'alg none, signed all the same': bearer(accountToken({}, { alg: 'none' }), 'forged'),
  'another secret': bearer(accountToken({}, {}, hmac('secret')), 'forged'),
  'other claims under an honest signature': bearer(`${header}.${otherPayload}.${signature}`, 'forged'),
  'a signature of 31 bytes': bearer(
    serviceToken.replace(/[^.]*$/, (text) => text.slice(0, -2)),
    'malformed',
  ),
});

const expired = await accounts.create('api-access', 0);
const revoked = await accounts.create('api-access', null);
accounts.revoke({ jti: String(decodeJwt(revoked).jti) });
const others = await accounts.create('other-access', null);

playAttacks(stage, 'tokens that the store has no live record of', {
  'made with the right key, never issued': bearer(accountToken({ jti: randomUUID() }), 'unknown'),
  "another account's record": bearer(accountToken({ jti: decodeJwt(others).jti }), 'unknown'),
  expired: bearer(expired, 'expired'),
  'expired, made anew without an end': bearer(accountToken({ ...decodeJwt(expired), exp: undefined }), 'expired'),
  revoked: bearer(revoked, 'revoked'),
});

playAttacks(stage, 'tokens that the right key signed, with another face', {
  'typ of an assertion': bearer(accountToken({}, { typ: 'JWT' }), 'forged'),
  'a kid': bearer(accountToken({}, { kid: stage.kid }), 'forged'),
  crit: bearer(accountToken({}, { crit: ['exp'] }), 'malformed'),
  'an end in the past, where the record has none': bearer(accountToken({ exp: now - 1 }), 'expired'),
  'an end as text': bearer(accountToken({ exp: `${now + 60}` }), 'malformed'),
});

const asOther = ask('open', 'GET /', app);
/** On a route that is open to everybody, where a bad credential could turn into nobody. */
const onOpen = { twin: asOther, twinSeen: 'open: GET / by api-access' };

playAttacks(stage, 'credentials of more or less than one form', {
  'two Authorization lines': {
    attack: ask('api', 'GET /', app, 'Authorization: Basic cm9vdDpyb290'),
    answers: '400 credential-ambiguous',
    ...honest,
  },
  'Authorization and X-Pomerium-Authorization': {
    attack: ask('api', 'GET /', app, `X-Pomerium-Authorization: ${others}`),
    answers: '400 credential-ambiguous',
    ...honest,
  },
  'two in a line': {
    attack: ask('open', 'GET /', `${app}, Bearer Pomerium-${others}`),
    answers: '401 credential-invalid malformed',
    ...onOpen,
  },
  'our scheme without a token': {
    attack: ask('open', 'GET /', 'Authorization: Pomerium'),
    answers: '401 credential-invalid malformed',
    ...onOpen,
  },
  'a forged one in lower case': {
    attack: ask('open', 'GET /', `authorization: bearer pomerium-${accountToken({}, {}, hmac('secret'))}`),
    answers: '401 credential-invalid forged',
    ...onOpen,
  },
});

const person = await stage.provider.issue({ ...PEOPLE.alice });

playAttacks(stage, 'credentials with a slip of the pen, which an upstream would get to keep', {
  'a service account without our prefix': {
    attack: ask('open', 'GET /', `Authorization: Bearer ${serviceToken}`),
    answers: '401 credential-invalid malformed',
    ...onOpen,
  },
  'an identity token with a character more': {
    attack: ask('open', 'GET /', `Authorization: Bearer ${person}=`),
    answers: '401 credential-invalid malformed',
    ...onOpen,
  },
  'an identity token, and another': {
    attack: ask('open', 'GET /', `Authorization: Bearer ${person}, Basic cm9vdDpyb290`),
    answers: '401 credential-invalid malformed',
    ...onOpen,
  },
});

/** An upstream that would use what it is sent: the credential must not be there, in no form. */
const kept = (attack: string, seen: string): Attack => ({
  attack,
  answers: '200',
  seen,
  twin: ask('open', 'GET /?a=1', 'Authorization: Basic cm9vdDpyb290', 'Cookie: theme=dark'),
  twinSeen: 'open: GET /?a=1 by nobody [authorization: Basic cm9vdDpyb290] [cookie: theme=dark]',
});

playAttacks(stage, 'credentials that a curious upstream waits for', {
  'Bearer, in lower case': kept(
    ask('open', 'GET /', `authorization: bearer  pomerium-${serviceToken}`),
    'open: GET / by api-access',
  ),
  'Pomerium, with a tab': kept(
    ask('open', 'GET /', `Authorization: Pomerium\t${serviceToken}`),
    'open: GET / by api-access',
  ),
  'X-Pomerium-Authorization': kept(
    ask('open', 'GET /', `X-Pomerium-Authorization: ${serviceToken}`),
    'open: GET / by api-access',
  ),
  'X_Pomerium_Authorization, which is not read': kept(
    ask('open', 'GET /', `X_Pomerium_Authorization: ${serviceToken}`),
    'open: GET / by nobody',
  ),
  "a person's identity token": kept(ask('open', 'GET /', `Authorization: Bearer ${person}`), 'open: GET / by alice'),
});

playAttacks(stage, 'sessions that a curious upstream waits for', {
  'in the query': kept(ask('open', `GET /?a=1&pomerium_session=${serviceToken}&b=2`), 'open: GET /?a=1&b=2 by nobody'),
  'in the query, with escapes in its name': kept(
    ask('open', `GET /?%70omerium%5fsession=${serviceToken}`),
    'open: GET / by nobody',
  ),
  'in the query, twice, and behind a semicolon': kept(
    ask('open', `GET /?pomerium_session=a&b=1;pomerium_session=${serviceToken}`),
    'open: GET /?b=1 by nobody',
  ),
  'in a cookie': kept(
    ask('open', 'GET /', `Cookie: theme=dark; _pomerium=${serviceToken}; b=2`),
    'open: GET / by nobody [cookie: theme=dark; b=2]',
  ),
  'in two cookie lines': kept(
    ask('open', 'GET /', `Cookie: _pomerium=a`, `Cookie: _pomerium = ${serviceToken}`),
    'open: GET / by nobody',
  ),
});

strikeStage(stage);
