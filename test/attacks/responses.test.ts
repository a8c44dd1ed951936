import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startRawUpstream } from '../proxy/start-raw-upstream.ts';
import { eventually } from '../support/eventually.ts';
import { asApp, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';
import { describeAnswer } from './read-answers.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const BODY = 'Content-Length: 4\r\n\r\nbody';
const EVIL = 'Content-Length: 4\r\n\r\nevil';
const HONEST = OK + BODY;

/** What the upstream says to the next request, in bytes. */
let answer = HONEST;
const upstream = await startRawUpstream((socket, text) => {
  if (text.endsWith('\r\n\r\n')) socket.write(answer, 'latin1');
});
const stage = await raiseStage({ upstreams: { api: upstream.url } });
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(() => {
  answer = HONEST;
});

const request = ask('api', 'GET /', asApp(stage));
const expectHonestAnswer = async (): Promise<void> => {
  expect(await stage.send(request)).toMatchObject([{ status: 200, body: 'body' }]);
};

/** What a hostile upstream answers, in which the word "evil" must not reach the client, and what does. */
const FAMILIES: Readonly<Record<string, Readonly<Record<string, readonly [lie: string, told: string]>>>> = {
  'answers that speak in the name of the proxy': {
    'an assertion': [`${OK}X-Pomerium-Jwt-Assertion: evil\r\n${BODY}`, '200'],
    'an assertion with underscores': [`${OK}X_POMERIUM_JWT_ASSERTION_FOR: evil\r\n${BODY}`, '200'],
    'a claim header': [`${OK}X-Pomerium-Claim-Email: evil\r\n${BODY}`, '200'],
    'a header that Connection names': [`${OK}Connection: x-lie\r\nX-Lie: evil\r\n${BODY}`, '200'],
    'a trailer': [
      `${OK}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\nX-Pomerium-Claim-Email: evil\r\n\r\n`,
      '200',
    ],
  },
  'broken answers': {
    'two lengths': [`${OK}Content-Length: 1\r\n${EVIL}`, '502 upstream-protocol'],
    'a length beside chunks': [
      `${OK}Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n4\r\nevil\r\n0\r\n\r\n`,
      '502 upstream-protocol',
    ],
    'a switch of protocols': [
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: evil\r\n\r\n',
      '502 upstream-protocol',
    ],
    'half a switch of protocols': [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: evil\r\n\r\n',
      '502 upstream-protocol',
    ],
    'NUL in a header': [`${OK}X-Lie: \0evil\r\n${EVIL}`, '502 upstream-protocol'],
  },
};

for (const [family, lies] of Object.entries(FAMILIES)) {
  describe(family, () => {
    test.each(Object.entries(lies))('%s', async (_, [lie, told]) => {
      answer = lie;
      const answers = await stage.send(request);
      expect(answers.map(describeAnswer)).toEqual([told]);
      expect(JSON.stringify(answers)).not.toContain('evil');
      answer = HONEST;
      await expectHonestAnswer();
    });
  });
}

describe('answers that wait for the next client', () => {
  test('a second one, in the same breath', async () => {
    answer = HONEST + OK + EVIL;
    await expectHonestAnswer();
    answer = HONEST;
    for (let again = 0; again < 3; again += 1) await expectHonestAnswer();
  });

  test('one that nobody asked for, on a connection that waits', async () => {
    await expectHonestAnswer();
    for (const socket of upstream.sockets) socket.write(OK + EVIL);
    // It is ended, not kept for the next request to find that answer.
    await expect.poll(() => upstream.sockets.filter(({ destroyed }) => !destroyed)).toEqual([]);
    await expectHonestAnswer();
  });

  test('the body of an answer to HEAD', async () => {
    answer = OK + EVIL;
    expect(await stage.send(request.replace('GET', 'HEAD'))).toMatchObject([{ status: 200, body: '' }]);
    answer = HONEST;
    await expectHonestAnswer();
  });

  test('one that comes before the body, in which the client hides a request', async () => {
    const hidden = 'GET /hidden HTTP/1.1\r\nHost: open.localhost\r\n\r\n';
    const post = ask('api', 'POST /', asApp(stage), `Content-Length: ${hidden.length}`);
    const kept = post.replace('Connection: close\r\n', '');
    expect(await stage.exchange(kept + hidden)).toEqual({ answers: ['200'], seen: [] });
    await eventually(() => expect(upstream.received().endsWith(hidden)).toBe(true));
    await expectHonestAnswer();
  });
});

test('no upstream saw the credential', () => {
  expect(upstream.received()).toContain('x-pomerium-jwt-assertion');
  expect(upstream.received()).not.toContain(stage.serviceToken);
});

strikeStage(stage);
