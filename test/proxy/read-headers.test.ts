import { describe, expect, test } from 'vitest';
import { buildReservedNames } from '../../src/proxy/build-reserved-names.ts';
import type { RawHeaders } from '../../src/proxy/header.ts';
import { readHeaders as readHeadersWith } from '../../src/proxy/read-headers.ts';
import { readResponseHeaders as readResponseHeadersWith } from '../../src/proxy/read-response-headers.ts';
import { readTrailers } from '../../src/proxy/read-trailers.ts';

const isReserved = buildReservedNames([{ name: 'x-user-mail', claim: 'email' }]);
const readHeaders = (headers: RawHeaders) => readHeadersWith(headers, isReserved);
const readResponseHeaders = (status: number, headers: RawHeaders) =>
  readResponseHeadersWith(status, headers, { isReserved, isOwnCookie: (name) => name === '_pomerium' });

const raw = (...lines: string[]) =>
  lines.flatMap((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]);

/** What is dropped, each with a twin that passes. */
const DROPPED: Readonly<Record<string, readonly [dropped: string, passes: string]>> = {
  'a claim header': ['X-Pomerium-Claim-Email: a', 'X-Claim-Email: a'],
  'an assertion with underscores': ['X_Pomerium_Jwt_Assertion: a', 'X-Pomerium-Jwt-Assertion-2: a'],
  'an assertion with dots': ['x.pomerium.jwt.assertion.for: a', 'x.pomerium.jwt: a'],
  'a claim with odd characters': ["X'Pomerium!Claim~Email: a", "X'Claim!Email: a"],
  'a name that the configuration gives to a claim': ['X-User-Mail: a', 'X-User-Male: a'],
  'such a name with underscores': ['x_user_mail: a', 'x_user_male: a'],
  'a credential with underscores': ['X_Pomerium_Authorization: a', 'X-Authorization: a'],
  Connection: ['Connection: close', 'Connexion: close'],
  'Keep-Alive': ['Keep-Alive: timeout=5', 'Kept-Alive: 1'],
  'Proxy-Connection': ['Proxy-Connection: keep-alive', 'Proximity: 1'],
  TE: ['TE: trailers', 'T: trailers'],
  'Transfer-Encoding': ['Transfer-Encoding: chunked', 'Content-Encoding: gzip'],
  Transfer_Encoding: ['Transfer_Encoding: chunked', 'Content_Encoding: gzip'],
  Content_Length: ['Content_Length: 5', 'Content-Length: 5'],
  'HTTP2-Settings': ['HTTP2-Settings: AAM', 'HTTP3-Settings: AAM'],
  'Proxy-Authorization': ['Proxy-Authorization: Basic x', 'Authorization: Basic x'],
  Forwarded: ['Forwarded: for=1.2.3.4', 'Forward: for=1.2.3.4'],
  'X-Forwarded-For': ['X-Forwarded-For: 1.2.3.4', 'X-Forward-For: 1.2.3.4'],
  X_Forwarded_Email: ['X_Forwarded_Email: boss@x', 'X_Email: boss@x'],
  'Proxy, which CGI makes HTTP_PROXY of': ['Proxy: http://evil', 'Proxies: http://evil'],
  'X-Original-URL': ['X-Original-URL: /admin', 'X-Original: /admin'],
  'X-Rewrite-URL': ['X-Rewrite-URL: /admin', 'X-Rewrite: /admin'],
  'X-HTTP-Method-Override': ['X-HTTP-Method-Override: DELETE', 'X-HTTP-Version: 2'],
  'X-HTTP-Method': ['X-HTTP-Method: DELETE', 'X-HTTP: DELETE'],
  'X-Method-Override': ['X_Method_Override: DELETE', 'X-Method: DELETE'],
  'X-Real-IP': ['X-Real-IP: 10.0.0.1', 'X-Real: 10.0.0.1'],
  'X-Request-Id': ['X-Request-Id: mine', 'X-Correlation-Id: mine'],
};

describe('readHeaders', () => {
  test.each(Object.entries(DROPPED))('drops %s', (_, [dropped, passes]) => {
    const [name = '', value = ''] = raw(passes);
    expect(readHeaders(raw(dropped, passes)).headers).toEqual([[name.toLowerCase(), value]]);
  });

  test('reads reserved headers under their exact names alone, every value', () => {
    const { headers, presented } = readHeaders(
      raw(
        'X-Pomerium-Jwt-Assertion: a',
        'x-pomerium-jwt-assertion: b',
        'X_Pomerium-Jwt-Assertion: c',
        'X-POMERIUM-JWT-ASSERTION-FOR: d',
        'X-Pomerium-Authorization: e',
      ),
    );
    expect(headers).toEqual([]);
    expect(presented).toEqual({ assertion: ['a', 'b'], assertionFor: ['d'], authorization: ['e'] });
  });

  test('what Connection names is gone before anything is read', () => {
    const { headers, presented } = readHeaders(
      raw(
        'X-Pomerium-Jwt-Assertion: a',
        'X-Pomerium-Jwt-Assertion-For: a',
        'X-Pomerium-Authorization: a.b.c',
        'Authorization: Bearer x',
        'X-Mine: 1',
        'X-Stays: 2',
        'Connection: keep-alive, X-Mine,authorization',
        'Connection: x-pomerium-jwt-assertion, X-Pomerium-Authorization',
        'connection:  X-Pomerium-JWT-Assertion-For ',
      ),
    );
    expect(headers).toEqual([['x-stays', '2']]);
    expect(presented).toEqual({ assertion: [], assertionFor: [], authorization: [] });
  });

  test.each(['host', 'Content-Length'])('refuses a Connection that names %s', (name) => {
    expect(() => readHeaders(raw(`Connection: close, ${name}`))).toThrow(
      expect.objectContaining({
        code: 'ERR_REQUEST_MALFORMED',
        reason: 'connection',
        message: `Connection names ${name.toLowerCase()}`,
      }),
    );
  });

  test('takes 200 headers and refuses 201', () => {
    const lines = (count: number) => raw(...Array.from({ length: count }, (_, i) => `X-${i}: 1`));
    expect(readHeaders(lines(200)).headers).toHaveLength(200);
    expect(() => readHeaders(lines(201))).toThrow(expect.objectContaining({ code: 'ERR_REQUEST_TOO_LARGE' }));
  });
});

describe('readResponseHeaders', () => {
  test('keeps what is end-to-end, in its order, and every Set-Cookie', () => {
    expect(
      readResponseHeaders(200, raw('Set-Cookie: a=1', 'Set-Cookie: b=2', 'Content-Length: 3', 'ETag: "x"')),
    ).toEqual([
      ['set-cookie', 'a=1'],
      ['set-cookie', 'b=2'],
      ['content-length', '3'],
      ['etag', '"x"'],
    ]);
  });

  test.each([
    'Keep-Alive: timeout=5',
    'Upgrade: h2c',
    'Trailer: X-Pomerium-Jwt-Assertion',
    'X-Pomerium-Jwt-Assertion: forged',
    'X_Pomerium_Claim_Email: a@b',
    'X_User-Mail: a@b',
    'X-Private: 1',
  ])('drops %s', (line) => {
    expect(readResponseHeaders(200, raw('Connection: X-Private', line, 'X-Stays: 1'))).toEqual([['x-stays', '1']]);
  });

  test('has no length beside a transfer coding, nor in a 101 or 204', () => {
    expect(readResponseHeaders(101, raw('Content-Length: 3'))).toEqual([]);
    expect(readResponseHeaders(200, raw('Content-Length: 3', 'Transfer-Encoding: chunked'))).toEqual([]);
    expect(readResponseHeaders(204, raw('Content-Length: 3'))).toEqual([]);
    expect(readResponseHeaders(304, raw('Content-Length: 3'))).toEqual([['content-length', '3']]);
  });
});

describe('readTrailers', () => {
  test.each([
    'Content-Length: 9',
    'Content_Length: 9',
    'Transfer-Encoding: chunked',
    'Connection: close',
    'Host: evil',
    'Set-Cookie: a=1',
    'Cache-Control: public',
    'Content-Type: text/html',
    'X-Pomerium-Jwt-Assertion: forged',
    'X_Pomerium_Claim_Email: a@b',
    'x_user_mail: a@b',
  ])('drops %s', (line) => {
    expect(readTrailers(raw('Server-Timing: db', line, 'Digest: x'), isReserved)).toEqual([
      ['server-timing', 'db'],
      ['digest', 'x'],
    ]);
  });
});
