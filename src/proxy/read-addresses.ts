import type { IncomingMessage } from 'node:http';
import { BehalfError } from '../errors.ts';
import { normalizeAddress } from '../normalize-address.ts';
import { peerAddress } from './peer-address.ts';

/**
 * The addresses that a request came by, as far as somebody trusted says so: the client's first, the peer's last. The last
 * `trustedHops` entries of X-Forwarded-For are the proxies' in front of this one, who each append whom they hear; all
 * before them is the client's own word. Where there are fewer, the first is the client's: no proxy stood before it.
 *
 * Read even where `Connection` names it: the client could hide with that word what the trusted say.
 *
 * @throws BehalfError ERR_CLIENT_GONE where the peer is unknown; ERR_REQUEST_MALFORMED (`forwarded`) for a trusted entry
 *   that is no address: whose request it is, nobody knows
 */
export function readAddresses(message: IncomingMessage, trustedHops: number): readonly [string, ...string[]] {
  const peer = peerAddress(message.socket);
  // What is read of a connection that the client has reset would pass by a denial of its address.
  if (peer === '') throw new BehalfError('ERR_CLIENT_GONE', 'the client went away before its address was known');
  if (trustedHops === 0) return [peer];

  const written = message.rawHeaders
    .filter((_, i, raw) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === 'x-forwarded-for')
    .flatMap((list) => list.split(','))
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
  const [first, ...others] = [...written.slice(-trustedHops).map(checkAddress), peer];
  return [first ?? peer, ...others];
}

function checkAddress(entry: string): string {
  const address = normalizeAddress(entry);
  if (address !== null) return address;
  throw new BehalfError('ERR_REQUEST_MALFORMED', 'X-Forwarded-For has a trusted entry that is no IP address', {
    reason: 'forwarded',
  });
}
