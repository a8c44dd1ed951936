import { type IncomingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

export interface SentRequest {
  /** Where to connect. */
  readonly address: string;
  /** The `Host` header: which route. */
  readonly host: string;
  readonly method?: string;
  /** Path and query. */
  readonly path?: string;
  /** A list is sent as one line a value, undefined not at all. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One HTTP request over a connection of its own, to an address and with a `Host` that need not be the same. */
export function sendRequest({
  address,
  host,
  method = 'GET',
  path = '/',
  headers,
  body,
}: SentRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(address);
    const given = Object.entries({ ...headers, host }).filter(([, value]) => value !== undefined);
    request({ hostname, port, agent: false, method, path, headers: Object.fromEntries(given) })
      .on('error', reject)
      .on('response', (response) => {
        text(response)
          .then((body) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }))
          .catch(reject);
      })
      .end(body);
  });
}
