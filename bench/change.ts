import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { startBehalf } from '../test/support/start-behalf.ts';
import { makeFolder } from './make-folder.ts';
import { median } from './median.ts';
import type { Report } from './report.ts';
import { startBenchProcess } from './start-stage.ts';

const ROUTES = 100;
const CHANGES = 8;
const DEADLINE_MS = 30_000;

/** From SIGHUP to the first answer by the new policy of one route of a hundred, which nothing has compiled before. */
export async function measureChanges(): Promise<Report> {
  await using folder = await makeFolder();
  await using upstream = startBenchProcess('upstream', folder.path);
  const to = await upstream.ready;
  await using behalf = await startBehalf(configOf(to, 0));
  const settled = JSON.parse(await readFile(behalf.config, 'utf8'));

  const times: number[] = [];
  for (let change = 1; change <= CHANGES; change++) {
    await writeFile(behalf.config, JSON.stringify({ ...settled, ...configOf(to, change) }));
    const begin = performance.now();
    process.kill(behalf.pid, 'SIGHUP');
    while ((await readStatus(`${behalf.url}/${change}`)) !== 200) {
      if (performance.now() - begin > DEADLINE_MS) throw new Error(`change ${change} has not come into force`);
      await sleep(10);
    }
    times.push(performance.now() - begin);
  }
  const [first = Number.NaN, ...next] = times;
  return {
    title: `A change of one route of ${ROUTES}, live in a running proxy`,
    notes: ['first: no compiler is up; next: the median of those after it, each within 30 s of the one before.'],
    rows: [{ changes: times.length, 'first ms': Math.round(first), 'next ms': Math.round(median(next)) }],
    bars: [{ what: 'ms until a change is live, next', value: median(next), atMost: 700 }],
  };
}

async function readStatus(url: string): Promise<number> {
  const response = await fetch(url);
  await response.arrayBuffer();
  return response.status;
}

/** Only the path of this change is let through. */
function configOf(to: string, change: number): Readonly<Record<string, unknown>> {
  const others = Array.from({ length: ROUTES - 1 }, (_, at) => ({
    name: `API ${at}`,
    from: `http://api-${at}.localhost`,
    to,
    policy: [{ allow: { and: [{ user: { is: `api-${at}` } }] } }],
  }));
  const policy = [{ allow: { and: [{ http_path: { is: `/${change}` } }] } }];
  return { routes: [{ name: 'changing', from: 'http://127.0.0.1', to, policy }, ...others] };
}
