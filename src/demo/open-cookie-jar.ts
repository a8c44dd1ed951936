/** The cookies of a browser. It knows no paths but those that a name asks for, and no ports (RFC 6265bis section 8.5). */
export interface CookieJar {
  /** Of a host, without port: name to value. Whoever writes into it plants and steals. */
  of(host: string): Map<string, string>;
  /** What the browser sends to a host: the value of `Cookie`, "" for none. */
  write(host: string): string;
  /** Takes the lines of `Set-Cookie` that a host sent. A cookie of a whole domain goes to the hosts that are known by now. */
  keep(host: string, lines: readonly string[]): void;
}

export function openCookieJar(): CookieJar {
  const jars = new Map<string, Map<string, string>>();
  const of = (host: string): Map<string, string> => {
    const known = jars.get(host) ?? new Map<string, string>();
    jars.set(host, known);
    return known;
  };

  function keep(host: string, line: string): void {
    const { name, value, attributes } = parseSetCookie(line);
    const domain = attributes.get('domain');
    if (name.startsWith('__Host-') && !isOfHost(attributes)) return;
    const owners = domain === undefined ? [host] : [...jars.keys()].filter((each) => `.${each}`.endsWith(`.${domain}`));
    for (const owner of owners) {
      if (isOver(attributes)) of(owner).delete(name);
      else of(owner).set(name, value);
    }
  }

  return {
    of,
    write: (host) => [...of(host)].map(([name, value]) => `${name}=${value}`).join('; '),
    keep(host, lines) {
      for (const line of lines) keep(host, line);
    },
  };
}

type Attributes = ReadonlyMap<string, string>;

function parseSetCookie(line: string): { name: string; value: string; attributes: Attributes } {
  const [[name, value], ...attributes] = line.split(';').map(parsePair) as [Pair, ...Pair[]];
  return { name, value, attributes: new Map(attributes.map(([key, text]) => [key.toLowerCase(), text])) };
}

type Pair = [name: string, value: string];

function parsePair(text: string): Pair {
  const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(text.trim()) ?? [];
  return [name, value];
}

/** RFC 6265bis section 4.1.3.2. */
function isOfHost(attributes: Attributes): boolean {
  return attributes.has('secure') && attributes.get('path') === '/' && !attributes.has('domain');
}

/** Whoever takes a cookie back sends one that has ended. */
function isOver(attributes: Attributes): boolean {
  const maxAge = attributes.get('max-age');
  if (maxAge !== undefined) return Number(maxAge) <= 0;
  return Date.parse(attributes.get('expires') ?? '') <= Date.now();
}
