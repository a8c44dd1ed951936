import { afterAll, expect, test } from 'vitest';
import { converse } from '../proxy/converse.ts';
import { eventually } from '../support/eventually.ts';
import type { JarBrowser } from '../support/open-jar-browser.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { raiseSignInStage, SESSION_COOKIE } from './raise-sign-in-stage.ts';

// Nothing here may end by a limit.
const stage = await raiseSignInStage({ default_upstream_timeout: '1h' });
afterAll(() => stage[Symbol.asyncDispose]());
const { app, behalf, openBrowser, recorder } = stage;

/** What a thief asks who has the browser's cookie, before anybody knows. */
const steal = async (browser: JarBrowser, path: string, ...lines: readonly string[]) => {
  const { length } = recorder.requests;
  const cookie = `Cookie: ${SESSION_COOKIE}=${browser.jar('app.localhost').get(SESSION_COOKIE)}`;
  const head = [`GET ${path} HTTP/1.1`, `Host: ${new URL(app).host}`, cookie, ...lines];
  const client = converse(behalf.url, `${head.join('\r\n')}\r\n\r\n`);
  await eventually(() => expect(recorder.requests).toHaveLength(length + 1));
  return client;
};
const countEvents = (heard: string): number => heard.split('data: tick').length - 1;

test('what a thief opened with a cookie ends when its session is revoked; what others opened goes on', async () => {
  const [alice, bob] = [openBrowser(), openBrowser()];
  await alice.signIn(app, 'alice');
  await bob.signIn(app, 'bob');
  const stream = await steal(alice, '/events');
  // The next requests of a connection stand behind an answer that does not end.
  const pipelined = await steal(alice, '/events', '\r\nGET /behind HTTP/1.1', `Host: ${new URL(app).host}`);
  const poll = await steal(alice, '/poll');
  const honest = await steal(bob, '/events');
  for (const { heard } of [stream, pipelined, honest])
    await eventually(() => expect(countEvents(heard())).toBeGreaterThan(2));

  const { stderr } = await runBehalf(['session', 'revoke', '--user', 'alice', '--config', behalf.config]);
  expect(stderr).toBe('revoked: 1 session\n');
  await eventually(() => expect([stream, pipelined].map(({ socket }) => socket.closed)).toEqual([true, true]));
  await eventually(() =>
    expect(poll.heard()).toMatch(/^HTTP\/1\.1 401 .*"error":"credential-invalid","reasons":\["revoked"\]/s),
  );
  for (const { heard } of [stream, pipelined]) expect(heard()).not.toMatch(/\r\n0\r\n\r\n|401|recorded/);
  expect(recorder.requests.map(({ url }) => url)).not.toContain('/behind');

  const seen = countEvents(honest.heard());
  await eventually(() => expect(countEvents(honest.heard())).toBeGreaterThan(seen + 2));
  expect(honest.socket.closed).toBe(false);
  for (const { socket } of [poll, honest]) socket.destroy();
});
