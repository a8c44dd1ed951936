const OWN = /^\/(?:ping|healthz|\.pomerium(?:\/.*)?|\.well-known\/pomerium(?:\/.*)?)$/;

/** Whether the proxy itself answers this path, normalised and decoded, on every host, before any route. */
export function isOwnPath(path: string): boolean {
  return OWN.test(path);
}
