import { load } from './load.ts';
import { median } from './median.ts';
import { readCpu } from './read-cpu.ts';
import type { Report } from './report.ts';
import { startNginx } from './start-nginx.ts';
import { startBenchProcess, startStage } from './start-stage.ts';

const CONNECTIONS = 64;
const REQUESTS = 5_000;
const ROUNDS = 13;

interface Runner {
  readonly name: string;
  readonly url: string;
  readonly pid: number;
  readonly head: string;
}

interface Round {
  /** Microseconds of CPU a request, of the proxy's process. */
  readonly cpu: number;
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

const BARE = 'http-proxy-3';
const WHOLE = 'behalf: on behalf of a user';

/** What a request costs, against other proxies that get the same bytes and have the same upstream, round by round. */
export async function measureRequests(): Promise<Report> {
  await using stage = await startStage();
  const { upstream, folder } = stage;
  const { url, pid } = stage.behalf;
  await using bare = startBenchProcess('bare-proxy', folder, upstream);
  await using nginx = await startNginx(upstream, folder);
  const head = await stage.writeHead('api', 'on behalf of Alice');
  const runners: Runner[] = [
    { name: BARE, url: await bare.ready, pid: bare.pid, head },
    { name: WHOLE, url, pid, head },
    { name: 'behalf: service account alone', url, pid, head: await stage.writeHead('batch', 'service account') },
    { name: 'behalf: public route', url, pid, head: await stage.writeHead('public', 'nobody') },
    ...(nginx === null ? [] : [{ name: 'nginx', url: nginx.url, pid: nginx.pid, head }]),
  ];

  for (const runner of runners) await measureRound(runner);
  const rounds: Map<string, Round>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const results = new Map<string, Round>();
    for (const runner of runners) results.set(runner.name, await measureRound(runner));
    rounds.push(results);
  }

  const of = (name: string, key: keyof Round) =>
    median(rounds.map((results) => results.get(name)?.[key] ?? Number.NaN));
  const ratio = (name: string, key: keyof Round) =>
    median(rounds.map((results) => (results.get(name)?.[key] ?? Number.NaN) / (results.get(BARE)?.[key] ?? 1)));
  return {
    title: 'A request through the proxy',
    notes: [
      `${CONNECTIONS} connections, ${ROUNDS} rounds of ${REQUESTS} requests each in turn; medians (a ratio is the median of the rounds' ratios). CPU is the proxy's, all threads and the kernel.`,
      ...(nginx === null ? ['LEFT OUT: nginx is not installed.'] : []),
    ],
    rows: runners.map(({ name }) => ({
      proxy: name,
      'CPU us': Math.round(of(name, 'cpu')),
      'p50 ms': of(name, 'p50'),
      'p99 ms': of(name, 'p99'),
      'requests/s': Math.round(of(name, 'perSecond')),
      'CPU ratio': ratio(name, 'cpu'),
      'p99 ratio': ratio(name, 'p99'),
    })),
    bars: [
      { what: `CPU of a judged and signed request over ${BARE}`, value: ratio(WHOLE, 'cpu'), atMost: 1 },
      { what: `p99 of it over ${BARE}`, value: ratio(WHOLE, 'p99'), atMost: 1 },
    ],
  };
}

async function measureRound({ name, url, pid, head }: Runner): Promise<Round> {
  const before = readCpu(pid);
  const { failures, ...measured } = await load({ url, head, connections: CONNECTIONS, requests: REQUESTS });
  if (failures.length > 0) throw new Error(`${failures.length} requests to ${name} failed: ${failures[0]}`);
  return { cpu: (readCpu(pid) - before) / REQUESTS, ...measured };
}
