import { HOP_BY_HOP } from './fixed-names.ts';
import { canonicalName } from './reserved-names.ts';

const FORWARDED_PREFIX = 'x-forwarded-';

/** In any spelling: what would tell the upstream of another path, method, client or framing than was judged. */
const DROPPED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'client-ip',
  'expect',
  'fastly-client-ip',
  'forwarded',
  'forwarded-for',
  'front-end-https',
  'host',
  // CGI makes HTTP_PROXY of it.
  'proxy',
  'true-client-ip',
  'x-azure-clientip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-external-address',
  'x-envoy-original-path',
  'x-forwarded',
  'x-host',
  'x-http-host-override',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-forwarded-for',
  'x-original-host',
  'x-original-method',
  'x-original-uri',
  'x-original-url',
  'x-originating-ip',
  'x-real-ip',
  'x-remote-addr',
  'x-request-id',
  'x-rewrite-url',
  'x-scheme',
  'x-url-scheme',
]);

/** Canonical; one that ends in a hyphen starts others. */
export const DROPPED_NAMES: readonly string[] = [...DROPPED, FORWARDED_PREFIX];

/** Whether a header of a client, by its lower-case name, goes no further than the proxy. */
export function isDroppedName(name: string): boolean {
  const canonical = canonicalName(name);
  return (
    DROPPED.has(canonical) ||
    canonical.startsWith(FORWARDED_PREFIX) ||
    // `Content_Length` is no framing here, but may be upstream.
    (canonical === 'content-length' && name !== canonical)
  );
}
