import type { IncomingMessage } from 'node:http';
import { BehalfError } from '../errors.ts';
import { canonicalName } from '../reserved-names.ts';

/** What proxies and tunnels add (RFC 7239, RFC 9110 section 7.6.3, and their own), in any spelling. */
const FORWARDERS =
  /forwarded|(?:^|-)(?:real|client|originating)-?ip$|^(?:via|x-original-(?:host|uri|url)|x-remote-addr|cdn-loop|(?:x-envoy|cf|tailscale)-.*)$/;

/**
 * In development anybody who gets here is whom they like: nobody may come from elsewhere by way of something that itself
 * is on loopback.
 *
 * @throws BehalfError ERR_REQUEST_FORWARDED
 */
export function checkNotForwarded({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): void {
  if (rawHeaders.some((name, at) => at % 2 === 0 && FORWARDERS.test(canonicalName(name)))) {
    throw new BehalfError('ERR_REQUEST_FORWARDED', 'it came through a proxy, which development mode does not serve', {
      reason: 'development',
    });
  }
}
