import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly url: string;
  /** Sent as it is, again and again; without a body. */
  readonly head: string;
  readonly connections: number;
  /** Of all connections together. */
  readonly requests: number;
}

export interface Load {
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
  /** Why requests got no 200, one reason each. */
  readonly failures: readonly string[];
}

/**
 * Sends the same request over many connections, one after the other on each. It speaks as little HTTP as it can, so that
 * it leaves the machine to what is measured: an answer has a Content-Length.
 */
export async function load({ url, head, connections, requests }: LoadOptions): Promise<Load> {
  const { hostname, port } = new URL(url);
  const request = Buffer.from(head, 'latin1');
  const latencies: number[] = [];
  const failures: string[] = [];
  let begun = 0;

  const exchangeMany = async (socket: Socket): Promise<void> => {
    await once(socket, 'connect');
    const answers = readAnswers(socket);
    for (let closes = false; !closes && begun < requests; ) {
      begun++;
      const start = performance.now();
      socket.write(request);
      const answer = await answers.next();
      if (answer.done) throw new Error('the connection ended without an answer');
      latencies.push(performance.now() - start);
      closes = /^connection: close$/im.test(answer.value);
    }
  };
  const work = async (): Promise<void> => {
    while (begun < requests) {
      const socket = connect({ host: hostname, port: Number(port), noDelay: true });
      await exchangeMany(socket).catch((error: Error) => failures.push(error.message));
      socket.destroy();
    }
  };

  const begin = performance.now();
  await Promise.all(Array.from({ length: connections }, work));
  const seconds = (performance.now() - begin) / 1000;
  latencies.sort((a, b) => a - b);
  const at = (share: number) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), perSecond: latencies.length / seconds, failures };
}

/** The head of each answer that is a 200 and has come whole. */
async function* readAnswers(socket: Socket): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of socket) {
    rest += (chunk as Buffer).toString('latin1');
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) continue;
    const head = rest.slice(0, end);
    const length = /^HTTP\/1\.1 200 .*\r\ncontent-length: (\d+)/is.exec(head)?.[1];
    if (length === undefined) throw new Error(`not a 200 with a Content-Length: ${rest.slice(0, 300)}`);
    if (rest.length < end + 4 + Number(length)) continue;
    rest = '';
    yield head;
  }
}
