import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type CodeListener, openCodeListener } from '../../src/programs/open-code-listener.ts';

const WAIT_MS = 60_000;

const listen = async (): Promise<CodeListener> => {
  const listener = await openCodeListener();
  onTestFinished(() => listener[Symbol.asyncDispose]());
  return listener;
};

const visit = (
  url: string,
  options: { method?: string; headers?: Record<string, string> } = {},
): Promise<{ status: number; body: string }> => {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  request(url, options, async (response) => resolve({ status: response.statusCode ?? 0, body: await text(response) }))
    .once('error', reject)
    .end();
  return promise;
};

const use = (code: string): Promise<string> => Promise.resolve(`used ${code}`);

describe('openCodeListener', () => {
  test('gives the code away, and shows the browser that all is well', async () => {
    const listener = await listen();
    const received = listener.receive(use, WAIT_MS);
    const { status, body } = await visit(`${listener.redirectUri}?code=abc`);
    expect([status, body.includes('Your program may go on')]).toEqual([200, true]);
    expect(await received).toBe('used abc');
  });

  test('takes one answer, and is deaf to others', async () => {
    const { redirectUri, receive } = await listen();
    const { origin } = new URL(redirectUri);
    const received = receive(use, WAIT_MS);
    const others = await Promise.all([
      visit(`${origin}/?code=evil`),
      visit(`${origin}/favicon.ico`),
      visit(`${redirectUri}x?code=evil`),
      visit(`${redirectUri}?code=evil`, { method: 'POST' }),
      visit(`${redirectUri}?code=evil`, { headers: { host: `rebound.example:${new URL(origin).port}` } }),
    ]);
    expect(others.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    expect((await visit(`${redirectUri}?code=abc`)).status).toBe(200);
    expect((await visit(`${redirectUri}?code=evil`)).status).toBe(404);
    expect(await received).toBe('used abc');
  });

  const FAILED: Record<string, readonly [string, string]> = {
    'somebody says no': ['?error=access_denied', 'you said no in the browser: there is no token'],
    'nothing comes with the browser': ['', 'the browser came back without a code: try again'],
    'the code is of no use': ['?code=abc', 'no use'],
  };
  test.each(Object.entries(FAILED))('shows the browser that %s', async (_, [query, message]) => {
    const listener = await listen();
    const received = expect(listener.receive(() => Promise.reject(new Error('no use')), WAIT_MS)).rejects.toThrow(
      message,
    );
    const { status, body } = await visit(`${listener.redirectUri}${query}`);
    expect([status, body.includes('Your program did not get in')]).toEqual([400, true]);
    await received;
  });

  test('waits as long as it is told', async () => {
    const listener = await listen();
    const late = { code: 'ERR_LOGIN_FAILED', message: 'nobody has said yes in the browser for 0.001 s: try again' };
    await expect(listener.receive(use, 1)).rejects.toMatchObject(late);
  });
});
