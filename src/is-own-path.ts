/** A dot here is any character: U+2028 in a path is no way out of the proxy's own. */
const OWN = /^\/(?:ping|healthz|\.pomerium(?:\/.*)?|\.well-known\/pomerium(?:\/.*)?)$/s;

/** Whether the proxy itself answers this path, normalised and decoded, on every host, before any route. */
export function isOwnPath(path: string): boolean {
  return OWN.test(path);
}
