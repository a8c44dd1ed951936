import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { startProcess } from '../src/demo/start-process.ts';
import { BEHALF } from '../test/support/start-behalf.ts';
import { makeFolder } from './make-folder.ts';
import { median } from './median.ts';
import type { Report } from './report.ts';
import { startBenchProcess } from './start-stage.ts';
import { writeConfig } from './write-config.ts';

const BINARY = resolve(import.meta.dirname, '../dist/behalf');
const SIZES = [10, 100, 1000] as const;
const ROUNDS = 5;

interface Starts {
  readonly program: string;
  readonly routes: number;
  /** Milliseconds; of the first, nothing was cached. */
  readonly times: number[];
  start(): Promise<void>;
}

/** From the spawn of `behalf serve` to its first 200: once with nothing cached, then with the policy in the cache. */
export async function measureStart(): Promise<Report> {
  await using folder = await makeFolder();
  await using upstream = startBenchProcess('upstream', folder.path);
  const to = await upstream.ready;
  const hasBinary = existsSync(BINARY);
  const commands = { 'from source': BEHALF, ...(hasBinary ? { 'dist/behalf': [BINARY] as const } : {}) };
  const starts = Object.entries(commands).flatMap(([program, command]) =>
    SIZES.map((routes) => prepareStarts(program, command, routes, join(folder.path, `${program} ${routes}`), to)),
  );
  for (let round = 0; round <= ROUNDS; round++) {
    for (const each of starts) await each.start();
  }
  const rows = starts.map(({ program, routes, times: [first = Number.NaN, ...cached] }) => {
    return { program, routes, 'first ms': Math.round(first), 'cached ms': Math.round(median(cached)) };
  });
  const cachedMs = (wanted: string, routes: number) =>
    rows.find((row) => row.program === wanted && row.routes === routes)?.['cached ms'] ?? Number.NaN;
  return {
    title: 'From the start to the first 200',
    notes: [
      `Each route with a policy of its own; first: nothing is cached; cached: the median of ${ROUNDS}.`,
      ...(hasBinary ? [] : ['LEFT OUT: dist/behalf is not built.']),
    ],
    rows,
    bars: Object.keys(commands).flatMap((program) => [
      { what: `ms to the first 200, 100 cached policies, ${program}`, value: cachedMs(program, 100), atMost: 1000 },
      {
        what: `ms more with 1,000 cached policies than with 10, ${program}`,
        value: cachedMs(program, 1000) - cachedMs(program, 10),
        atMost: 100,
      },
    ]),
  };
}

function prepareStarts(
  program: string,
  command: readonly [string, ...string[]],
  routes: number,
  folder: string,
  to: string,
): Starts {
  const times: number[] = [];
  return {
    program,
    routes,
    times,
    async start() {
      await mkdir(folder, { recursive: true });
      const file = await writeConfig(folder, configOf(to, routes));
      const begin = performance.now();
      await using behalf = startProcess({
        name: 'behalf',
        command: [...command, 'serve', '--config', file],
        log: join(folder, 'behalf.log'),
      });
      const response = await fetch(await behalf.ready);
      if (response.status !== 200) throw new Error(`the first request was answered with ${response.status}`);
      times.push(performance.now() - begin);
    },
  };
}

function configOf(to: string, routes: number): object {
  const judged = Array.from({ length: routes - 1 }, (_, at) => ({
    name: `API ${at}`,
    from: `http://api-${at}.localhost`,
    to,
    pass_identity_headers: true,
    policy: [{ allow: { and: [{ user: { is: `api-${at}` } }] } }],
  }));
  const open = { name: 'public', from: 'http://127.0.0.1', to, allow_public_unauthenticated_access: true };
  return { routes: [open, ...judged] };
}
