import type { Position } from '../errors.ts';

/** A value of the configuration that remembers where it stood. */
export type Located =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly position: Position }
  | { readonly kind: 'list'; readonly items: readonly Located[]; readonly position: Position }
  | { readonly kind: 'map'; readonly entries: readonly LocatedEntry[]; readonly position: Position };

export interface LocatedEntry {
  readonly key: string;
  readonly keyPosition: Position;
  readonly value: Located;
}

/** The grammar of a route's policy, names and data of criteria not yet judged. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
}

export interface PolicyRule {
  readonly action: 'allow' | 'deny';
  readonly blocks: readonly PolicyBlock[];
  readonly position: Position;
}

export interface PolicyBlock {
  readonly operator: 'and' | 'or' | 'not' | 'nor';
  readonly criteria: readonly Criterion[];
  readonly position: Position;
}

/** `NAME/SUBPATH: DATA`, split at the first slash; `subpath` is null where the key has none. */
export interface Criterion {
  readonly name: string;
  readonly subpath: string | null;
  readonly data: Located;
  readonly position: Position;
}

/** The host of `from`: lower-case, no port, no trailing dot; with a `*` in it, a wildcard. */
export interface RouteFrom {
  readonly scheme: 'http' | 'https';
  readonly host: string;
}

export type PathMatch =
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'path'; readonly value: string }
  | { readonly kind: 'regex'; readonly value: string };

export interface Route {
  /** `r0`, `r1`, ... in the order of the file. */
  readonly id: string;
  readonly name: string;
  readonly from: RouteFrom;
  /** Upstreams, taken in turn; `http:` or `https:`, without credentials. A path on the first is the rewrite's prefix. */
  readonly to: readonly [URL, ...URL[]];
  readonly path: PathMatch;
  /** What replaces the matched prefix; null where the path goes on as it came. */
  readonly prefixRewrite: string | null;
  readonly preserveHostHeader: boolean;
  /** The route's own value, else the global one, else false. */
  readonly passIdentityHeaders: boolean;
  /** Legacy keys first, as one allow rule, then `policy:`. */
  readonly policy: Policy;
  /** How long the whole exchange with the upstream may take; 0 is without end. */
  readonly timeoutMs: number;
  readonly position: Position;
}

/** How users' programs sign in, and where. */
export interface Provider {
  /** The issuer, as the provider's discovery document spells it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
}

export interface Config {
  /** The file as it was given. */
  readonly file: string;
  readonly address: { readonly host: string; readonly port: number };
  /** 32 bytes; null where the proxy is to make its own under `stateDir`. */
  readonly sharedSecret: Uint8Array | null;
  /** PEM of a P-256 private key; null where the proxy is to make its own under `stateDir`. */
  readonly signingKey: string | null;
  /** Absolute. */
  readonly stateDir: string;
  readonly provider: Provider | null;
  readonly bearerTokenFormat: 'default' | 'idp_identity_token';
  readonly routes: readonly Route[];
}
