import { isIP, isIPv6 } from 'node:net';
import type { Refuse } from './kinds.ts';

const HOST = /^(?:\[([^\]]+)\]|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*)(?::(\d{1,5}))?$/;

/** Reads a host as `Host` and `Location` have it: a name, an IPv4 address, or an IPv6 address in brackets. */
export function parseHost(text: string, refuse: Refuse): string | undefined {
  return /:\d+$/.test(text) && !text.endsWith(']') ? refuse() : parseAuthority(text, refuse);
}

/** The same, perhaps with a port. */
export function parseAuthority(text: string, refuse: Refuse): string | undefined {
  const match = HOST.exec(text);
  const [, ipv6, port = '0'] = match ?? [];
  return match === null || Number(port) > 65_535 || (ipv6 !== undefined && !isIPv6(ipv6)) ? refuse() : text;
}

/** Reads the name of a TLS server, which no address can be (RFC 6066, section 3); a last label of digits makes one. */
export function parseServerName(text: string, refuse: Refuse): string | undefined {
  const isAddress = isIP(text) !== 0 || /^\[.*\]$|(?:^|\.)\d+$/.test(text);
  return isAddress ? refuse('must be a host name, not an address') : parseHost(text, refuse);
}
