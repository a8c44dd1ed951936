import { describe, expect, test } from 'vitest';
import { BehalfError } from '../../src/errors.ts';
import { deriveKey } from '../../src/identity/derive-key.ts';
import { signHs256 } from '../../src/identity/sign-hs256.ts';
import { writeCompactJws } from '../../src/identity/write-compact-jws.ts';
import { signProgramToken } from '../../src/programs/sign-program-token.ts';
import { verifyProgramToken } from '../../src/programs/verify-program-token.ts';

const SECRET = new Uint8Array(32).fill(7);
const key = deriveKey(SECRET, 'program');
const HEADER = { alg: 'HS256', typ: 'behalf-program+jwt' };
const FAR = 4_000_000_000;
const CLAIMS = { sub: 'alice', sid: 'session-1', aud: 'app.example.com', iat: 1, exp: FAR, jti: 'x' };

const sign = (header: object = HEADER, claims: object = CLAIMS, by = key): string =>
  writeCompactJws({ ...header }, claims, (input) => signHs256(input, by));

const NAMED: Record<string, string> = {
  ours: sign(),
  'ours, as it is signed': signProgramToken(
    { sub: 'alice', sid: 'session-1', host: 'app.example.com', expiresAt: FAR },
    key,
  ),
};

const REFUSED: Record<string, readonly [string, string]> = {
  'no token': ['abc', 'malformed'],
  'of more than 2,048 characters': [sign(HEADER, { ...CLAIMS, more: 'a'.repeat(2048) }), 'malformed'],
  'by the key of service accounts': [sign(HEADER, CLAIMS, deriveKey(SECRET, 'serviceAccount')), 'forged'],
  'with the typ of assertions': [sign({ ...HEADER, typ: 'JWT' }), 'forged'],
  'with one more member in the header': [sign({ ...HEADER, kid: '1' }), 'forged'],
  'without a session': [sign(HEADER, { ...CLAIMS, sid: undefined }), 'malformed'],
  'without an end': [sign(HEADER, { ...CLAIMS, exp: undefined }), 'malformed'],
  'for two hosts': [sign(HEADER, { ...CLAIMS, aud: ['app.example.com', 'b.example.com'] }), 'malformed'],
  'for another host': [sign(HEADER, { ...CLAIMS, aud: 'b.example.com' }), 'audience'],
  'from before': [sign(HEADER, { ...CLAIMS, exp: 2 }), 'expired'],
};

describe('verifyProgramToken', () => {
  test.each(Object.entries(NAMED))('%s', (_, token) => {
    const named = { sub: 'alice', sid: 'session-1', host: 'app.example.com', expiresAt: FAR };
    expect(verifyProgramToken(token, 'app.example.com', key)).toEqual(named);
  });

  test.each(Object.entries(REFUSED))('refuses one %s', (_, [token, reason]) => {
    const refused = { code: 'ERR_CREDENTIAL_INVALID', reason };
    expect(() => verifyProgramToken(token, 'app.example.com', key)).toThrow(BehalfError);
    expect(() => verifyProgramToken(token, 'app.example.com', key)).toThrow(expect.objectContaining(refused));
  });
});
