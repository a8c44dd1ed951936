import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type RunningBehalf, startBehalf } from '../support/start-behalf.ts';
import { startRecorder } from '../support/start-recorder.ts';

async function get(url: string, agent: Agent | false = false): Promise<string> {
  const [answer] = (await once(request(url, { agent, headers: { host: 'a.localhost' } }).end(), 'response')) as [
    IncomingMessage,
  ];
  return `${answer.statusCode} ${await text(answer)}`;
}

/** Changes the configuration, sends the signal and waits for the line of the log that tells the outcome. */
async function reload(behalf: RunningBehalf, edit: (config: Record<string, unknown>) => void): Promise<string[]> {
  const before = await messages(behalf);
  const config = JSON.parse(await readFile(behalf.config, 'utf8'));
  edit(config);
  await writeFile(behalf.config, JSON.stringify(config, null, 2));
  process.kill(behalf.pid, 'SIGHUP');
  let lines: string[] = [];
  await eventually(async () => {
    lines = (await messages(behalf)).slice(before.length);
    expect(lines.at(-1)).toMatch(/^info reloaded|^error reload refused/);
  });
  return lines;
}

const messages = async (behalf: RunningBehalf): Promise<string[]> =>
  (await behalf.logLines())
    .filter(({ message }) => message !== 'request')
    .map(({ level, message }) => `${level} ${message}`);

test('SIGHUP takes the configuration as it is now; one that cannot be used is told of and changes nothing', async () => {
  await using upstream = await startRecorder();
  const route = { name: 'a', from: 'http://a.localhost', to: upstream.url };
  await using behalf = await startBehalf({ routes: [{ ...route, allow_public_unauthenticated_access: true }] });
  expect(await get(behalf.url)).toBe('200 recorded');

  const refused = await reload(behalf, (config) => {
    config['adress'] = 'x';
  });
  expect(refused).toEqual([
    'info reloading',
    expect.stringMatching(/^error .*behalf\.yaml:\d+:\d+: unknown key "adress"/),
    'error reload refused: the configuration before it stays',
  ]);
  expect(await get(behalf.url)).toBe('200 recorded');

  const taken = await reload(behalf, (config) => {
    delete config['adress'];
    config['routes'] = [{ ...route, policy: [{ allow: { or: [{ user: { is: 'nobody' } }] } }] }];
  });
  expect(taken).toEqual(['info reloading', 'info reloaded']);
  expect(await get(behalf.url)).toMatch(/^401 /);
});

test('SIGTERM loses no answer and no line of the log', async () => {
  await using upstream = await startRecorder();
  await using behalf = await startBehalf({
    routes: [{ from: 'http://a.localhost', to: upstream.url, allow_public_unauthenticated_access: true }],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const answers = Array.from({ length: 200 }, () => get(behalf.url, agent));
  await Promise.all(answers.slice(0, 150));
  const [code, ...said] = await Promise.all([
    behalf.stop(),
    ...answers.slice(150).map((answer) => answer.catch(({ code: why }) => why)),
  ]);
  expect(code).toBe(0);
  const served = 150 + said.filter((answer) => answer === '200 recorded').length;
  const lines = await behalf.logLines();
  expect(lines.filter(({ message, status }) => message === 'request' && status === 200).length).toBeGreaterThanOrEqual(
    served,
  );
  expect(lines.at(-1)).not.toHaveProperty('error', 'internal');
  // What is not served was not accepted any more.
  expect(said.filter((answer) => answer !== '200 recorded').every((why) => /ECONN|EPIPE/.test(String(why)))).toBe(true);
  agent.destroy();
});
