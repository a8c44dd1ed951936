import { openCookieJar } from './open-cookie-jar.ts';
import { type Answer, sendRequest } from './send-request.ts';

/** A person with a browser, as far as redirects and cookies go. */
export interface Visitor {
  /** Opens a page, and goes wherever that leads; asked by the provider, they say who they are. */
  visit(url: string): Promise<Visited>;
  /** What their browser sends to a host: the value of `Cookie`. */
  cookiesFor(host: string): string;
}

export interface Visited extends Answer {
  /** The hosts that the browser came by, each once in a row. */
  readonly way: readonly string[];
}

/** A browser says so of a page that somebody opens; the proxy redirects nothing else. */
const NAVIGATION = { Accept: 'text/html', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
const MAX_STEPS = 20;

/** @param sub who they are at the provider, which asks for no password */
export function openVisitor(sub: string): Visitor {
  const cookies = openCookieJar();

  async function send({ host, hostname, port, pathname, search }: URL): Promise<Answer> {
    const isAsked = pathname.startsWith('/interaction/');
    const answer = await sendRequest({
      // Resolvers need not know the names below `localhost`, as browsers do.
      address: `http://127.0.0.1:${port}`,
      host,
      path: pathname + search,
      headers: {
        ...NAVIGATION,
        Cookie: cookies.write(hostname) || undefined,
        'Content-Type': isAsked ? 'application/x-www-form-urlencoded' : undefined,
      },
      ...(isAsked ? { method: 'POST', body: `person=${sub}` } : {}),
    });
    cookies.keep(hostname, answer.headers['set-cookie'] ?? []);
    return answer;
  }

  async function visit(first: string): Promise<Visited> {
    const way: string[] = [];
    let url = new URL(first);
    for (let step = 0; step < MAX_STEPS; step++) {
      if (way.at(-1) !== url.host) way.push(url.host);
      const answer = await send(url);
      const { location } = answer.headers;
      if (location === undefined) return { ...answer, way };
      url = new URL(location, url);
    }
    throw new Error(`${first} leads on and on: ${way.join(', ')}`);
  }

  return { visit, cookiesFor: cookies.write };
}
