import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import { type CookieJar, openCookieJar } from '../../src/demo/open-cookie-jar.ts';
import { choosePerson } from './choose-person.ts';

export interface Visited {
  readonly url: URL;
  readonly status: number;
  /** Of a name that came several times, the first. */
  header(name: string): string | null;
  readonly setCookies: readonly string[];
  readonly body: string;
}

export interface Visit {
  readonly method?: string;
  /** Over those of a navigation. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly form?: Readonly<Record<string, string>>;
}

/** What a browser does with cookies and redirects, and no more; every host is one port of loopback. */
export interface JarBrowser {
  /** Of a host: name to value. Tests may plant and steal. */
  jar(host: string): Map<string, string>;
  /** Of all hosts, the provider's too. */
  readonly cookies: CookieJar;
  /** One request and its answer. */
  send(url: string | URL, visit?: Visit): Promise<Visited>;
  /** The same, and where redirects and refreshes lead from there, until one leads to another port. That is not followed. */
  visit(url: string | URL, visit?: Visit): Promise<Visited>;
  /** Where an answer leads. Throws for nowhere. */
  next(visited: Visited): URL;
  /** Visits a page that needs a session, says at the provider who it is, and comes back. */
  signIn(url: string | URL, sub: string): Promise<Visited>;
}

const NAVIGATION = {
  accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
};
const MAX_STEPS = 12;

/** @param port where behalf listens */
export function openJarBrowser(port: number): JarBrowser {
  const cookies = openCookieJar();

  async function send(target: string | URL, { method, headers, form }: Visit = {}): Promise<Visited> {
    const url = new URL(target);
    const cookie = cookies.write(url.hostname);
    const request = sendRequest({
      host: '127.0.0.1',
      port,
      path: url.pathname + url.search,
      method: method ?? (form === undefined ? 'GET' : 'POST'),
      headers: {
        ...NAVIGATION,
        host: url.host,
        ...(cookie === '' ? {} : { cookie }),
        ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
        ...headers,
      },
    });
    request.end(form && new URLSearchParams(form).toString());
    const [response]: IncomingMessage[] = await once(request, 'response');
    if (response === undefined) throw new Error('no response');
    const setCookies = response.headers['set-cookie'] ?? [];
    cookies.keep(url.hostname, setCookies);
    return {
      url,
      status: response.statusCode ?? 0,
      header: (name) => [response.headers[name] ?? null].flat()[0] ?? null,
      setCookies,
      body: await text(response),
    };
  }

  function find(visited: Visited): URL | null {
    const location = visited.header('location') ?? visited.header('refresh')?.replace(/^0; url=/, '') ?? null;
    return location === null ? null : new URL(location, visited.url);
  }

  function next(visited: Visited): URL {
    const url = find(visited);
    if (url === null) throw new Error(`${visited.url.host} answers ${visited.status} and leads nowhere`);
    return url;
  }

  async function visit(target: string | URL, first: Visit = {}): Promise<Visited> {
    let visited = await send(target, first);
    for (let steps = 1; steps < MAX_STEPS; steps++) {
      const url = find(visited);
      if (url === null || Number(url.port) !== port) return visited;
      visited = await send(url);
    }
    throw new Error(`${visited.url.host} leads on and on`);
  }

  return {
    jar: cookies.of,
    cookies,
    send,
    visit,
    next,
    async signIn(target, sub) {
      const asked = await visit(target);
      return visit(await choosePerson(next(asked), sub, cookies));
    },
  };
}
