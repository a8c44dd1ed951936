import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type StartedProxy, startProxy } from '../proxy/start-proxy.ts';
import { sendRaw } from '../support/send-raw.ts';
import { type Recorder, startRecorder, valuesOf } from '../support/start-recorder.ts';

let upstream: Recorder;
let proxy: StartedProxy;
let serviceToken: string;

beforeAll(async () => {
  upstream = await startRecorder((_, response) => {
    response.writeHead(302, { Location: 'https://evil.test/?http://10.0.0.1/', 'X-Pomerium-Jwt-Assertion': 'a' });
    response.end();
  });
  proxy = await startProxy({
    routes: [
      {
        from: 'http://open.test',
        to: upstream.url,
        allow_public_unauthenticated_access: true,
        set_request_headers: {
          Authorization: `Bearer \${pomerium.request.headers["X-Jwt"]}`,
          'X-Copy': `\${pomerium.request.headers["X-Original"]}`,
          'X-Name': `\${pomerium.client_cert_san_email}`,
          'X-Assertion': `\${pomerium.jwt}`,
        },
        rewrite_response_headers: [{ header: 'Location', prefix: 'http://10.0.0.1/', value: 'https://open.test/' }],
      },
    ],
  });
  serviceToken = await proxy.createServiceAccount('app');
});

afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

beforeEach(() => {
  upstream.requests.length = 0;
});

/** What reaches the upstream of a request with these lines, by name. */
async function send(lines: readonly string[]): Promise<Record<string, string[]>> {
  const head = ['GET / HTTP/1.1', 'Host: open.test', 'Connection: close'];
  const answer = await sendRaw(proxy.url, [...head, ...lines, '', ''].join('\r\n'));
  expect(answer).toMatch(/^HTTP\/1\.1 302 /);
  const [request] = upstream.requests;
  if (request === undefined) throw new Error('nothing reached the upstream');
  const names = ['authorization', 'x-copy', 'x-name', 'x-assertion'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = valuesOf(request, name);
      return values.length === 0 ? [] : [[name, values]];
    }),
  );
}

describe('what a client writes into headers that templates refer to is text', () => {
  // Each with the honest value beside it, so that nothing is told apart by more than what was written.
  const attacks: Record<string, [lines: string[], sent: object]> = {
    'a reference': [[`X-Original: \${pomerium.jwt}`], { 'x-copy': [`\${pomerium.jwt}`] }],
    'a part of a decision': [['X-Original: {"token":"access_token"}'], { 'x-copy': ['{"token":"access_token"}'] }],
    'a part of a decision, in a list': [['X-Original: [{"config":0}]'], { 'x-copy': ['[{"config":0}]'] }],
    'Latin-1, percent-encoded by its bytes': [['X-Original: caf\xe9'], { 'x-copy': ['caf%E9'] }],
    'UTF-8, percent-encoded by its bytes': [['X-Original: \xc3\xa9%41'], { 'x-copy': ['%C3%A9%2541'] }],
    'what looks like encoded UTF-8': [['X-Original: %C3%A9%41'], { 'x-copy': ['%25C3%25A9%2541'] }],
    'two lines, as one list': [['X-Original: a', 'X-Original: b'], { 'x-copy': ['a,b'] }],
    'honest text': [['X-Original: honest'], { 'x-copy': ['honest'] }],
  };
  test.each(Object.entries(attacks))('%s', async (_, [lines, sent]) => {
    expect(await send(lines)).toEqual(sent);
  });
});

describe('a header that templates set cannot be had otherwise', () => {
  const attacks: Record<string, [lines: () => string[], sent: object]> = {
    'by its own name': [
      () => ['Authorization: Basic cm9vdDo=', 'X-Copy: a', 'X-Name: ceo@example.com', 'X-Assertion: a.b.c'],
      {},
    ],
    'by another spelling of its name': [() => ['X_Copy: a', 'X.Name: ceo@example.com'], {}],
    'by another spelling of the name that it refers to': [() => ['X_Original: a', 'x.jwt: a.b.c'], {}],
    'by a header that Connection takes away': [() => ['X-Original: a', 'Connection: X-Original'], {}],
    'by an empty one': [() => ['X-Jwt:', 'Authorization: Basic cm9vdDo='], {}],
    'by a credential that the proxy consumes': [
      () => [`Authorization: Bearer Pomerium-${serviceToken}`, `X-Original: honest`],
      { 'x-copy': ['honest'], 'x-assertion': [expect.stringMatching(/^eyJ/)] },
    ],
    'as it is meant': [() => ['X-Jwt: a.b.c', 'X-Original: a'], { authorization: ['Bearer a.b.c'], 'x-copy': ['a'] }],
  };
  test.each(Object.entries(attacks))('%s', async (_, [lines, sent]) => {
    expect(await send(lines())).toEqual(sent);
  });
});

test('a rewrite is of the beginning alone, and brings back no reserved header', async () => {
  const answer = await sendRaw(proxy.url, 'GET / HTTP/1.1\r\nHost: open.test\r\nConnection: close\r\n\r\n');
  expect(answer).toContain('\r\nlocation: https://evil.test/?http://10.0.0.1/\r\n');
  expect(answer.toLowerCase()).not.toContain('x-pomerium-jwt-assertion');
});
