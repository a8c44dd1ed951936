import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BehalfError } from '../errors.ts';
import { writeReturnedPage } from './write-returned-page.ts';

/** Where a browser brings a program the answer to its question. */
export interface CodeListener extends AsyncDisposable {
  /** On loopback; only whom it is given to knows the path. */
  readonly redirectUri: string;
  /**
   * Waits for the first answer. The browser is shown how `use` has ended, whose result this resolves to. Rejects with what
   * `use` does, and ERR_LOGIN_FAILED for a no, or for none within `waitMs`.
   */
  receive<T>(use: (code: string) => Promise<T>, waitMs: number): Promise<T>;
}

interface Returned {
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}

/** Listens on a free port of 127.0.0.1 (RFC 8252, section 7.3). */
export async function openCodeListener(): Promise<CodeListener> {
  const path = `/${randomBytes(16).toString('base64url')}`;
  const first = Promise.withResolvers<Returned>();
  let isTaken = false;
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '', origin);
    // By its own name alone, so that no site that calls itself 127.0.0.1 (DNS rebinding) speaks to it.
    const isOurs = request.method === 'GET' && `http://${request.headers.host}` === origin && url?.pathname === path;
    if (url === null || !isOurs || isTaken) {
      response.writeHead(404, { connection: 'close' }).end();
      return;
    }
    isTaken = true;
    first.resolve({ query: url.searchParams, response });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    redirectUri: `${origin}${path}`,
    async receive(use, waitMs) {
      const { query, response } = await waitFor(first.promise, waitMs);
      try {
        const result = await use(readCode(query));
        await show(response, true);
        return result;
      } catch (error) {
        await show(response, false);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
    },
  };
}

async function waitFor<T>(promise: Promise<T>, waitMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(failed(`nobody has said yes in the browser for ${waitMs / 1000} s: try again`)),
    waitMs,
  );
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function readCode(query: URLSearchParams): string {
  if (query.has('error')) throw failed('you said no in the browser: there is no token');
  const code = query.get('code');
  if (code === null) throw failed('the browser came back without a code: try again');
  return code;
}

/** Resolves when the browser has it, or has gone. */
async function show(response: ServerResponse, isDone: boolean): Promise<void> {
  const { html, headers } = writeReturnedPage(isDone);
  const closed = once(response, 'close');
  response.writeHead(isDone ? 200 : 400, [...headers, ['cache-control', 'no-store'], ['connection', 'close']].flat());
  response.end(html);
  if (!response.destroyed) await closed;
}

function failed(message: string): BehalfError {
  return new BehalfError('ERR_LOGIN_FAILED', message);
}
