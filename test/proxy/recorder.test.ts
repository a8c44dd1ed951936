import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { parseLine } from '../../src/decision-log/parse-line.ts';
import { eventually } from '../support/eventually.ts';
import { startRecorder, valuesOf } from '../support/start-recorder.ts';
import { startProxy } from './start-proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'behalf-recorder-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function ask(
  url: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<[number | undefined, string | undefined]> {
  const sent = request(url + path, { headers: { host: 'a.test', ...headers } }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  await text(answer);
  return [answer.statusCode, answer.headers['x-request-id']?.toString()];
}

const readLines = (file: string) => readFileSync(file, 'utf8').split('\n').slice(0, -1).map(parseLine);

/** The lines of a file once there are so many. */
const linesOf = (file: string, count: number) =>
  eventually(() => {
    const lines = readLines(file);
    expect(lines).toHaveLength(count);
    return lines;
  });

const OPEN = { from: 'http://a.test', name: 'A', allow_public_unauthenticated_access: true };

test('every decision is recorded, and nothing that comes before or without one', async () => {
  await using upstream = await startRecorder((_, response) => response.end('ok'));
  const path = join(folder, 'all.jsonl');
  await using proxy = await startProxy({
    decision_log: path,
    routes: [
      { ...OPEN, to: upstream.url, prefix: '/open' },
      { ...OPEN, name: 'B', to: upstream.url, prefix: '/shut', allow_public_unauthenticated_access: false },
    ],
  });
  const answers = [
    await ask(proxy.url, '/open?a=1'),
    await ask(proxy.url, '/shut'),
    await ask(proxy.url, '/none'),
    await ask(proxy.url, '/ping'),
    await ask(proxy.url, '/%2f'),
    await ask(proxy.url, '/open', { authorization: 'Pomerium eyJhbGciOiJIUzI1NiJ9.e30.x' }),
  ];
  expect(answers.map(([status]) => status)).toEqual([200, 403, 404, 200, 400, 401]);
  expect(await linesOf(path, 3)).toMatchObject([
    {
      request_id: upstream.requests.flatMap((recorded) => valuesOf(recorded, 'x-request-id'))[0],
      route: 'A',
      decision: { allow: true, status: 200, reasons: ['accept'] },
    },
    { request_id: answers[1]?.[1], route: 'B', decision: { allow: false, status: 403 } },
    { request_id: answers[2]?.[1], route: null, decision: { allow: false, status: 404, reasons: ['route-not-found'] } },
  ]);
});

test('a file that cannot be written stops and allows no request, and the log says so from the start', async () => {
  await using upstream = await startRecorder((_, response) => response.end('ok'));
  await using proxy = await startProxy({
    decision_log: join(folder, 'missing', 'd.jsonl'),
    routes: [
      { ...OPEN, to: upstream.url, prefix: '/open' },
      { ...OPEN, name: 'B', to: upstream.url, prefix: '/shut', allow_public_unauthenticated_access: false },
    ],
  });
  const lines: Record<string, unknown>[] = [];
  await eventually(() => {
    lines.push(...proxy.takeLines());
    expect(lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: expect.stringMatching(/^the decision log cannot be written/),
      }),
    );
  });
  expect((await ask(proxy.url, '/open'))[0]).toBe(200);
  expect((await ask(proxy.url, '/shut'))[0]).toBe(403);
});

test('a reload turns it on, leads it elsewhere and turns it off, and what was decided is written at the end', async () => {
  await using upstream = await startRecorder((_, response) => response.end('ok'));
  const routes = [{ ...OPEN, to: upstream.url }];
  const one = join(folder, 'one.jsonl');
  const two = join(folder, 'two.jsonl');
  await using proxy = await startProxy({ routes });
  await ask(proxy.url, '/0');
  await proxy.reload({ routes, decision_log: one });
  await ask(proxy.url, '/1');
  await proxy.reload({ routes, decision_log: two, decision_log_headers: ['X-Tenant'] });
  await ask(proxy.url, '/2', { 'x-tenant': 'blue', 'x-other': 'red' });
  await proxy.reload({ routes });
  await ask(proxy.url, '/3');
  await proxy.close();
  const inputs = [one, two].map((file) =>
    readLines(file).map(({ input }) => [input.request.path, input.request.headers]),
  );
  expect(inputs).toEqual([[['/1', {}]], [['/2', { 'x-tenant': ['blue'] }]]]);
});
