import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { PEOPLE } from '../../src/demo/scenario.ts';
import { valuesOf } from '../support/start-recorder.ts';
import { type Attack, asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const app = asApp(stage);

/** What an attacker would have the upstream, or the proxy, take for a request of its own. */
const hidden = 'GET /hidden HTTP/1.1\r\nHost: open.localhost\r\nAccept: application/json\r\n\r\n';
const chunkedHidden = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`;

const CHUNKED = 'Transfer-Encoding: chunked';
const LENGTH = `Content-Length: ${hidden.length}`;
const post = (...lines: string[]) => ask('api', 'POST /', app, ...lines);

const honestLength = {
  twin: post(LENGTH) + hidden,
  twinSeen: `api: POST / by api-access ${JSON.stringify(hidden)}`,
};
const honestChunks = {
  twin: post(CHUNKED) + chunkedHidden,
  twinSeen: `api: POST / by api-access ${JSON.stringify(hidden)}`,
};
const syntax = '400 request-malformed syntax';

playAttacks(stage, 'lengths', {
  'Content-Length and Transfer-Encoding': {
    attack: `${post('Content-Length: 5', CHUNKED)}0\r\n\r\n${hidden}`,
    answers: syntax,
    ...honestChunks,
  },
  'two lengths': { attack: post(LENGTH, 'Content-Length: 0') + hidden, answers: syntax, ...honestLength },
  'a length with a sign': { attack: post('Content-Length: +0') + hidden, answers: syntax, ...honestLength },
  'a list of one length, twice': {
    attack: post(`${LENGTH}, ${hidden.length}`) + hidden,
    answers: syntax,
    ...honestLength,
  },
  'a length beyond 64 bits': {
    attack: post(`Content-Length: 18446744073709551616`) + hidden,
    answers: syntax,
    ...honestLength,
  },
});

playAttacks(stage, 'codings', {
  'chunked, twice': {
    attack: post(CHUNKED, CHUNKED) + chunkedHidden,
    answers: syntax,
    ...honestChunks,
  },
  'chunked behind another coding': {
    attack: post('Transfer-Encoding: gzip, chunked') + chunkedHidden,
    answers: '400 request-malformed framing',
    ...honestChunks,
  },
  xchunked: {
    attack: post('Transfer-Encoding: xchunked') + chunkedHidden,
    answers: '400 request-malformed framing',
    ...honestChunks,
  },
  'chunked with a vertical tab': {
    attack: post('Transfer-Encoding: \vchunked') + chunkedHidden,
    answers: syntax,
    ...honestChunks,
  },
  'in HTTP/1.0, which has none': {
    attack: post(CHUNKED).replace('HTTP/1.1', 'HTTP/1.0') + chunkedHidden,
    answers: '400 request-malformed framing',
    ...honestChunks,
  },
});

/** Where it shows only after the head was good, the request was forwarded, and is broken off: never whole. */
const brokenChunks = (body: string): Attack => ({
  attack: post(CHUNKED) + body,
  answers: '400 request-malformed syntax',
  seen: [],
  ...honestChunks,
});

playAttacks(stage, 'chunks', {
  'a size that ends in a bare LF': brokenChunks(chunkedHidden.replace('\r\n', '\n')),
  'a size in 0x': brokenChunks(`0x${chunkedHidden}`),
  'a size beyond 64 bits': brokenChunks(`f${'0'.repeat(15)}1${chunkedHidden}`),
  'an extension with a line in it': brokenChunks(`1;a\nb\r\n${chunkedHidden}`),
  'more than the size says': brokenChunks(`1\r\n${hidden}\r\n0\r\n\r\n`),
});

const withBody = (method: string): Attack => ({
  attack: ask('api', `${method} /`, app, LENGTH) + hidden,
  answers: '200',
  seen: `api: ${method} / by api-access ${JSON.stringify(hidden)}`,
  twin: ask('api', `${method} /`, app),
  twinSeen: `api: ${method} / by api-access`,
});
const withChunks = (method: string): Attack => ({
  ...withBody(method),
  attack: ask('api', `${method} /`, app, CHUNKED) + chunkedHidden,
});

playAttacks(stage, 'requests in bodies that upstreams do not expect', {
  'of a GET': withBody('GET'),
  'of a DELETE, in chunks': withChunks('DELETE'),
  'of an OPTIONS, in chunks': withChunks('OPTIONS'),
  'of a HEAD, in chunks': withChunks('HEAD'),
});

const kept = (text: string) => text.replace('Connection: close\r\n', '');
const forBoss = `X-Pomerium-Jwt-Assertion: ${stage.assertion({ sub: 'boss' })}`;
const asNobody = ask('api', 'GET /second');
const asAppToo = ask('api', 'GET /second', app);

playAttacks(stage, 'requests behind another', {
  "without a credential, behind somebody's": {
    attack: kept(ask('api', 'GET /first', app)) + asNobody,
    answers: ['200', '401 unauthenticated user-unauthenticated'],
    seen: 'api: GET /first by api-access',
    twin: kept(ask('api', 'GET /first', app)) + asAppToo,
    twinAnswers: ['200', '200'],
    twinSeen: ['api: GET /first by api-access', 'api: GET /second by api-access'],
  },
  "without a -For, behind somebody's": {
    attack: kept(ask('boss', 'GET /first', app, forBoss)) + ask('boss', 'GET /second', app),
    answers: ['200', '403 forbidden original-user-missing'],
    seen: 'boss: GET /first by api-access for boss',
    twin: kept(ask('boss', 'GET /first', app, forBoss)) + ask('boss', 'GET /second', app, forBoss),
    twinAnswers: ['200', '200'],
    twinSeen: ['boss: GET /first by api-access for boss', 'boss: GET /second by api-access for boss'],
  },
  'for another host': {
    attack: kept(ask('api', 'GET /first', app)) + ask('boss', 'GET /second', app),
    answers: ['200', '403 forbidden original-user-missing'],
    seen: 'api: GET /first by api-access',
    twin: kept(ask('api', 'GET /first', app)) + asAppToo,
    twinAnswers: ['200', '200'],
    twinSeen: ['api: GET /first by api-access', 'api: GET /second by api-access'],
  },
  'in the body of one that was refused': {
    attack: kept(ask('api', 'POST /', LENGTH)) + hidden,
    answers: '401 unauthenticated user-unauthenticated',
    ...honestLength,
  },
  'in the body of one that was refused while it waited for 100 Continue': {
    attack: kept(ask('api', 'POST /', LENGTH, 'Expect: 100-continue')) + hidden,
    answers: '401 unauthenticated user-unauthenticated',
    twin: post(LENGTH, 'Expect: 100-continue') + hidden,
    twinAnswers: ['100', '200'],
    twinSeen: honestLength.twinSeen,
  },
});

describe('answers in place of others', () => {
  test('a refused CONNECT does not answer the request before it', async () => {
    const connect = 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n';
    const { answers } = await stage.exchange(kept(ask('api', 'GET /first', app)) + connect);
    expect(answers).not.toContain('405 request-method');
    expect(await stage.exchange(connect)).toEqual({ answers: ['405 request-method'], seen: [] });
  });
});

describe('requests in place of a body', () => {
  test('that was announced, refused and withheld: what follows cannot be told from it', async () => {
    const head = kept(ask('api', 'POST /', LENGTH, 'Expect: 100-continue'));
    expect(await stage.send(head)).toMatchObject([
      { status: 401, head: expect.stringMatching(/^connection: close$/im) },
    ]);
    expect(await stage.exchange(head + hidden)).toEqual({
      answers: ['401 unauthenticated user-unauthenticated'],
      seen: [],
    });
    const honest = kept(ask('api', 'GET /', app));
    expect(await stage.exchange(honest + asAppToo)).toMatchObject({ answers: ['200', '200'] });
  });
});

describe('requests beside others', () => {
  test('ninety at once, of three callers: each is seen as itself, and for whom it speaks', async () => {
    const { assertion, provider, recorders } = stage;
    const person = async (name: 'alice' | 'bob') =>
      `Authorization: Bearer ${await provider.issue({ ...PEOPLE[name] })}`;
    const speaksFor = (sub: string) => `X-Pomerium-Jwt-Assertion-For: ${assertion({ sub })}`;
    const callers = [
      [await person('alice'), 'X-Team: alice'],
      [await person('bob'), speaksFor('alice'), 'X-Team: bob'],
      [app, speaksFor('alice'), 'X-Team: api-access for alice'],
      [app, speaksFor('bob'), 'X-Team: api-access for bob'],
      [app, 'X-Team: api-access'],
      ['X-Team: nobody'],
    ];
    recorders.open.requests.length = 0;
    const requests = Array.from({ length: 15 }, () => callers.map((lines) => ask('open', 'GET /', ...lines)));
    await Promise.all(requests.flat().map((request) => stage.send(request)));
    expect(recorders.open.requests).toHaveLength(90);
    for (const request of recorders.open.requests) {
      const [by = 'nobody'] = valuesOf(request, 'X-Pomerium-Jwt-Assertion').map((token) => decodeJwt(token).sub);
      const [original] = valuesOf(request, 'X-Pomerium-Jwt-Assertion-For').map((token) => decodeJwt(token).sub);
      expect(original === undefined ? by : `${by} for ${original}`).toBe(valuesOf(request, 'X-Team')[0]);
    }
  });
});

strikeStage(stage);
