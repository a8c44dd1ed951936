import { isIP, SocketAddress } from 'node:net';

/**
 * An IP address in its one spelling: dotted IPv4, for IPv6 that of RFC 5952, and IPv4 that is mapped into IPv6 (RFC 4291
 * section 2.5.5.2) as IPv4; without a zone, which only this machine knows. Null for what is no address.
 */
export function normalizeAddress(text: string): string | null {
  const version = isIP(text);
  if (version !== 6) return version === 4 ? text : null;
  const { address } = new SocketAddress({ address: text.replace(/%.*$/, ''), family: 'ipv6' });
  return address.replace(/^::ffff:(?=\d+\.)/, '');
}
