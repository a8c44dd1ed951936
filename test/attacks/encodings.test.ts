import { ecdsa, forge } from '../identity/support/forge.ts';
import { playForgeries, strikeStage } from './play-attacks.ts';
import { claimsOfAlice, raiseStage } from './raise-stage.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const stage = await raiseStage();
const { assertion, kid, signingKey } = stage;
const honest = assertion();
const [header = '', payload = '', signature = ''] = honest.split('.');

/** The last of 86 characters has four bits that no byte of the signature needs. */
const strayBits = honest.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(honest.slice(-1)) + 1);

/** With a character in its signature that the two alphabets spell differently. */
const special = ((): string => {
  for (;;) {
    const token = assertion();
    if (/[-_][^.]*$/.test(token)) return token;
  }
})();

playForgeries(stage, 'second spellings of an honest token', {
  'padded base64url': [`${honest}==`, 'malformed', honest],
  'standard base64': [
    special.replace(/[^.]*$/, (text) => text.replaceAll('-', '+').replaceAll('_', '/')),
    'malformed',
    special,
  ],
  'other stray bits at the end of the signature': [strayBits, 'malformed', honest],
  'white space inside': [`${header}. ${payload}.${signature}`, 'malformed', honest],
  'five parts, as of a JWE': [`${header}.${payload}.${signature}.${payload}.${signature}`, 'malformed', honest],
});

const sign = (claims: string | Buffer, jose: string | object = { alg: 'ES256', typ: 'JWT', kid }): string =>
  forge(jose, claims, ecdsa(signingKey));
const claims = JSON.stringify(claimsOfAlice());
const invalidUtf8 = Buffer.concat([Buffer.from(claims.slice(0, -1)), Buffer.from(',"x":"\xff"}', 'latin1')]);

playForgeries(stage, 'claims that two parsers read in two ways', {
  'sub twice': [sign(claims.replace('{', '{"sub":"boss",')), 'malformed', sign(claims)],
  'alg twice': [sign(claims, `{"alg":"none","alg":"ES256","typ":"JWT","kid":"${kid}"}`), 'malformed', sign(claims)],
  'bytes that are no UTF-8': [sign(invalidUtf8), 'malformed', sign(claims.replace(/}$/, ',"x":"ÿ"}'))],
  'half of a surrogate pair': [
    sign(claims.replace(/}$/, ',"x":"\\ud83d"}')),
    'malformed',
    sign(claims.replace(/}$/, ',"x":"\\ud83d\\ude00"}')),
  ],
  'two claims that come to one name': [
    sign(claims.replace(/}$/, ',"a":{"b":1},"a.b":2}')),
    'malformed',
    sign(claims.replace(/}$/, ',"a":{"b":1},"a.c":2}')),
  ],
});

playForgeries(stage, 'what is no compact JWS', {
  'flattened JSON serialization': [JSON.stringify({ protected: header, payload, signature }), 'repeated', honest],
  'JSON serialization in base64url': [
    Buffer.from(JSON.stringify({ protected: header, payload, signature })).toString('base64url'),
    'malformed',
    honest,
  ],
  'a detached payload': [`${header}..${signature}`, 'malformed', honest],
  'the claims alone': [claims.replaceAll(',', ' '), 'malformed', honest],
  'a list for a payload': [sign(`[${claims}]`), 'malformed', sign(claims)],
});

strikeStage(stage);
