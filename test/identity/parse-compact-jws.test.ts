import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCompactJws } from '../../src/identity/parse-compact-jws.ts';

const encode = (text: string | Buffer) => Buffer.from(text).toString('base64url');
const HEADER = encode('{"alg":"ES256"}');
const PAYLOAD = encode('{"sub":"alice"}');
const SIGNATURE = encode('signature');
const withPayload = (payload: string | Buffer) => `${HEADER}.${encode(payload)}.${SIGNATURE}`;
const withHeader = (header: string) => `${encode(header)}.${PAYLOAD}.${SIGNATURE}`;

const TAKEN: Record<string, string> = {
  'three parts': `${HEADER}.${PAYLOAD}.${SIGNATURE}`,
  'the same name in two objects': withPayload('{"a":{"b":1},"b":2}'),
  'colons, quotes and backslashes inside strings': withPayload(String.raw`{"a":"b:\":\\","c:d":":"}`),
  'a whole surrogate pair, escaped': withPayload(String.raw`{"a":"\ud83d\ude00"}`),
  'a claim called __proto__': withPayload('{"__proto__":{"a":1},"constructor":2}'),
  'headers that name keys elsewhere': withHeader('{"alg":"ES256","jku":"https://evil.example","x5t":"x"}'),
};

const REFUSED: Record<string, string> = {
  nothing: '',
  'one part': HEADER,
  'two parts': `${HEADER}.${PAYLOAD}`,
  'four parts': `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}`,
  'a JWE, five parts': `${HEADER}.${PAYLOAD}.${SIGNATURE}.${SIGNATURE}.${SIGNATURE}`,
  'no signature': `${HEADER}.${PAYLOAD}.`,
  'no payload (detached)': `${HEADER}..${SIGNATURE}`,
  'the JSON serialisation': JSON.stringify({ protected: HEADER, payload: PAYLOAD, signature: SIGNATURE }),
  padding: `${HEADER}=.${PAYLOAD}.${SIGNATURE}`,
  'white space around': ` ${HEADER}.${PAYLOAD}.${SIGNATURE}`,
  'a newline inside': `${HEADER}.${PAYLOAD.slice(0, 4)}\n${PAYLOAD.slice(4)}.${SIGNATURE}`,
  'standard base64 letters': `${HEADER}.${PAYLOAD}.+/+/`,
  'a letter beyond ASCII': `${HEADER}.${PAYLOAD}é.${SIGNATURE}`,
  'stray last bits': `${HEADER}.${PAYLOAD}.QR`,
  'a single base64url letter': `${HEADER}.${PAYLOAD}.Q`,
  'two values, joined by a comma': `${HEADER}.${PAYLOAD}.${SIGNATURE},${HEADER}.${PAYLOAD}.${SIGNATURE}`,
  'a payload that is no JSON': withPayload('alice'),
  'a payload that is a list': withPayload('["sub"]'),
  'a payload that is null': withPayload('null'),
  'a header that is text': withHeader('"ES256"'),
  'JSON with more behind it': withPayload('{"sub":"alice"}{"sub":"bob"}'),
  'a byte order mark': withPayload('\ufeff{"sub":"alice"}'),
  'bytes that are not UTF-8': withPayload(Buffer.from('7b22737562223a22ff227d', 'hex')),
  'an overlong encoding': withPayload(Buffer.from('7b22737562223a22c0af227d', 'hex')),
  'half of a surrogate pair': withPayload(String.raw`{"sub":"\ud800"}`),
  'half of a surrogate pair in a name': withPayload(String.raw`{"a":[{"\udc00":1}]}`),
  'a claim twice': withPayload('{"sub":"alice","sub":"bob"}'),
  'a claim twice, once escaped': withPayload(String.raw`{"sub":"alice","s\u0075b":"bob"}`),
  'a claim twice, with the same value': withPayload('{"sub":"alice","sub":"alice"}'),
  'a claim twice, deep inside': withPayload('{"a":[{"b":{"c":1,"c":2}}]}'),
  '__proto__ twice': withPayload('{"__proto__":1,"__proto__":2}'),
  'a header member twice': withHeader('{"alg":"none","alg":"ES256"}'),
  'a critical extension': withHeader('{"alg":"ES256","crit":["exp"],"exp":1}'),
  'an empty list of critical extensions': withHeader('{"alg":"ES256","crit":[]}'),
  'an unencoded payload': withHeader('{"alg":"ES256","b64":false}'),
};

describe('parseCompactJws', () => {
  test.each(Object.entries(TAKEN))('takes %s', (_, token) => {
    expect(parseCompactJws(token, 8192)).not.toBeNull();
  });

  test.each(Object.entries(REFUSED))('refuses %s', (_, token) => {
    expect(parseCompactJws(token, 8192)).toBeNull();
  });

  test('takes a token of exactly the length allowed, and none longer', () => {
    const token = withPayload('{"sub":"alice"}');
    const [header, payload, signature = ''] = token.split('.');
    expect(parseCompactJws(token, token.length)).toEqual({
      header: { alg: 'ES256' },
      payload: { sub: 'alice' },
      input: `${header}.${payload}`,
      signature: Buffer.from(signature, 'base64url'),
    });
    expect(parseCompactJws(token, token.length - 1)).toBeNull();
  });

  test('a claim called __proto__ changes nothing else', () => {
    const jws = parseCompactJws(withPayload('{"__proto__":{"sub":"admin"}}'), 8192);
    const { sub } = jws?.payload ?? {};
    expect(sub).toBeUndefined();
  });

  test('reads any JSON object back as it was written', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (payload) => {
        const text = JSON.stringify(payload);
        expect(parseCompactJws(withPayload(text), Infinity)?.payload).toEqual(JSON.parse(text));
      }),
    );
  });

  test('takes one spelling of each token: any other letter anywhere is another token or none', () => {
    const token = withPayload('{"sub":"alice"}');
    const letters = [...'ABCabc019-_=+/ \n.'];
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.constantFrom(...letters), (at, letter) => {
        const changed = token.slice(0, at) + letter + token.slice(at + 1);
        if (changed === token || parseCompactJws(changed, 8192) === null) return;
        const bytes = (text: string) => text.split('.').map((part) => Buffer.from(part, 'base64url').toString('hex'));
        expect(bytes(changed)).not.toEqual(bytes(token));
      }),
    );
  });

  const HOSTILE: Record<string, string> = {
    dots: '.'.repeat(100_000),
    'nested lists': withPayload(`{"a":${'['.repeat(37_000)}${']'.repeat(37_000)}}`),
    'nested objects': withPayload(`${'{"a":'.repeat(12_000)}1${'}'.repeat(12_000)}`),
    'an open string': withPayload(`{"a":"${'\\'.repeat(75_000)}`),
    'many quotes': withPayload('"'.repeat(75_000)),
    'many keys': withPayload(`{${Array.from({ length: 8000 }, (_, i) => `"${i}":1`).join()}}`),
  };
  test.each(Object.entries(HOSTILE))('is done with 100 KB of %s in time, whatever the limit', (_, token) => {
    // Of the processor: others that have it meanwhile do not count.
    const start = process.threadCpuUsage();
    parseCompactJws(token, Infinity);
    const { user, system } = process.threadCpuUsage(start);
    expect(user + system).toBeLessThan(1_000_000);
  });
});
