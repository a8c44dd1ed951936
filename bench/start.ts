import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startProcess } from '../src/demo/start-process.ts';
import { BEHALF } from '../test/support/start-behalf.ts';
import { makeFolder } from './make-folder.ts';
import { median } from './median.ts';
import type { Report } from './report.ts';
import { startBenchProcess } from './start-stage.ts';
import { writeConfig } from './write-config.ts';

const BINARY = resolve(import.meta.dirname, '../dist/behalf');
const ROUTES = 100;
const STARTS = 5;

/** From the spawn of `behalf serve` to its first 200: once with nothing cached, then with the policy in the cache. */
export async function measureStart(): Promise<Report> {
  const commands: Record<string, readonly [string, ...string[]]> = { 'from source': BEHALF };
  const hasBinary = existsSync(BINARY);
  if (hasBinary) commands['dist/behalf'] = [BINARY];

  const rows: { program: string; 'first ms': number; 'cached ms': number }[] = [];
  for (const [program, command] of Object.entries(commands)) {
    const [first = Number.NaN, ...cached] = await timeStarts(command);
    rows.push({ program, 'first ms': Math.round(first), 'cached ms': Math.round(median(cached)) });
  }
  return {
    title: 'From the start to the first 200',
    notes: [
      `${ROUTES} routes, each with a policy of its own; first: nothing is cached; cached: the median of ${STARTS}.`,
      ...(hasBinary ? [] : ['LEFT OUT: dist/behalf is not built.']),
    ],
    rows,
    bars: rows.map((row) => ({
      what: `ms to the first 200, policy cached, ${row.program}`,
      value: row['cached ms'],
      atMost: 1000,
    })),
  };
}

async function timeStarts(command: readonly [string, ...string[]]): Promise<number[]> {
  await using folder = await makeFolder();
  await using upstream = startBenchProcess('upstream', folder.path);
  const file = await writeConfig(folder.path, configOf(await upstream.ready));
  const log = join(folder.path, 'behalf.log');
  const times: number[] = [];
  for (let start = 0; start <= STARTS; start++) {
    const begin = performance.now();
    await using behalf = startProcess({ name: 'behalf', command: [...command, 'serve', '--config', file], log });
    const response = await fetch(await behalf.ready);
    if (response.status !== 200) throw new Error(`the first request was answered with ${response.status}`);
    times.push(performance.now() - begin);
  }
  return times;
}

function configOf(to: string): object {
  const judged = Array.from({ length: ROUTES - 1 }, (_, at) => ({
    name: `API ${at}`,
    from: `http://api-${at}.localhost`,
    to,
    pass_identity_headers: true,
    policy: [{ allow: { and: [{ user: { is: `api-${at}` } }] } }],
  }));
  const open = { name: 'public', from: 'http://127.0.0.1', to, allow_public_unauthenticated_access: true };
  return { routes: [open, ...judged] };
}
