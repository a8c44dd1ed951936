import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBehalf } from '../test/support/start-behalf.ts';
import { load } from './load.ts';
import { makeFolder } from './make-folder.ts';
import { median } from './median.ts';
import type { Report } from './report.ts';
import { startBenchProcess } from './start-stage.ts';

const RELOADS = 50;
const CONNECTIONS = 16;
const DEADLINE_MS = 30_000;

/** Reloads under load, every one with another header and every tenth with another policy: no request may fail. */
export async function measureReloads(): Promise<Report> {
  await using folder = await makeFolder();
  await using upstream = startBenchProcess('upstream', folder.path);
  const to = await upstream.ready;
  await using behalf = await startBehalf(configOf(to, 0));
  const settled = JSON.parse(await readFile(behalf.config, 'utf8'));

  const running = { reloads: true };
  const loading = loadWhile(() => running.reloads, behalf.url);
  const times: number[] = [];
  try {
    for (let generation = 1; generation <= RELOADS; generation++) {
      await writeFile(behalf.config, JSON.stringify({ ...settled, ...configOf(to, generation) }));
      const begin = performance.now();
      process.kill(behalf.pid, 'SIGHUP');
      while ((await readGeneration(behalf.url)) !== String(generation)) {
        if (performance.now() - begin > DEADLINE_MS) throw new Error(`reload ${generation} has not come into force`);
        await sleep(10);
      }
      times.push(performance.now() - begin);
    }
  } finally {
    running.reloads = false;
  }
  const { requests, failures } = await loading;
  return {
    title: `${RELOADS} reloads under load`,
    notes: [
      `${CONNECTIONS} connections all the while; each reload sets another response header, every tenth has another policy.`,
      ...[...new Set(failures)].slice(0, 3),
    ],
    rows: [
      {
        reloads: times.length,
        'median ms': Math.round(median(times)),
        'longest ms': Math.round(Math.max(...times)),
        requests,
        failed: failures.length,
      },
    ],
    bars: [{ what: 'failed requests', value: failures.length, atMost: 0 }],
  };
}

async function loadWhile(
  goesOn: () => boolean,
  url: string,
): Promise<{ readonly requests: number; readonly failures: readonly string[] }> {
  const head = `GET /reports/7 HTTP/1.1\r\nHost: ${new URL(url).host}\r\n\r\n`;
  const failures: string[] = [];
  let requests = 0;
  while (goesOn()) {
    const batch = { connections: CONNECTIONS, requests: 500 };
    failures.push(...(await load({ url, head, ...batch })).failures);
    requests += batch.requests;
  }
  return { requests, failures };
}

async function readGeneration(url: string): Promise<string | null> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.headers.get('x-generation');
}

function configOf(to: string, generation: number): Readonly<Record<string, unknown>> {
  const visitor = `visitor-${Math.floor(generation / 10)}@companydomain.com`;
  return {
    routes: [
      { name: 'public', from: 'http://127.0.0.1', to, allow_public_unauthenticated_access: true },
      { name: 'API', from: 'http://api.localhost', to, policy: [{ allow: { or: [{ email: { is: visitor } }] } }] },
    ],
    set_response_headers: { 'X-Generation': String(generation) },
  };
}
