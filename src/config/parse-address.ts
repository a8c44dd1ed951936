import { isIPv6 } from 'node:net';
import type { Config } from './config.ts';
import type { Refuse } from './kinds.ts';

/** Reads `:443`, `127.0.0.1:8080`, `localhost:0` or `[::1]:8080`; without a host it is "", which is every address. */
export function parseAddress(text: string, refuse: Refuse): Config['address'] | undefined {
  const [, ipv6, name = '', digits] = /^(?:\[([^\]]+)\]|([A-Za-z0-9._-]*)):(\d+)$/.exec(text) ?? [];
  const port = Number(digits);
  if (digits === undefined || (ipv6 !== undefined && !isIPv6(ipv6))) return refuse();
  if (port > 65_535) return refuse('must be host:port or :port, and the port must be from 1 to 65535');
  return { host: ipv6 ?? name, port };
}
