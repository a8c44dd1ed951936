import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it came over the wire, as far as Node's parser keeps it. */
export interface Recorded {
  readonly method: string;
  readonly url: string;
  /** Names and values in turn, in their order and spelling. */
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  /** False where the connection broke before the end of the request. */
  readonly complete: boolean;
}

export interface Recorder extends AsyncDisposable {
  readonly url: string;
  /** In the order in which they ended; a request is here before its answer begins. */
  readonly requests: Recorded[];
}

/** An upstream that records every request, then answers it by `respond`: 200 and `recorded` unless told. */
export async function startRecorder(respond: RequestListener = (_, response) => response.end('recorded')) {
  const requests: Recorded[] = [];
  const server = createServer().listen(0, '127.0.0.1');
  server.on('request', async (request, response) => {
    requests.push(await record(request));
    respond(request, response);
  });
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  } satisfies Recorder;
}

/** All values of the header, each as it stood in a line of its own. */
export function valuesOf({ rawHeaders }: Pick<Recorded, 'rawHeaders'>, name: string): string[] {
  return rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === name.toLowerCase(),
  );
}

async function record(request: IncomingMessage): Promise<Recorded> {
  const { method = '', url = '', rawHeaders } = request;
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk);
  } catch {
    // A connection that broke is recorded as such.
  }
  const { rawTrailers, complete } = request;
  return { method, url, rawHeaders, rawTrailers, body: Buffer.concat(chunks), complete };
}
