import type { Position } from '../errors.ts';

/** A value of the configuration that remembers where it stood. */
export type Located =
  | {
      readonly kind: 'scalar';
      readonly value: string | number | boolean | null;
      readonly position: Position;
      /** Of the first character of a literal block (`|`), whose lines stand below each other as the text has them. */
      readonly block?: Position;
    }
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
  /** Beside the rules, with a say of its own in both actions. */
  readonly rego: readonly RegoPackage[];
}

/** All Rego of one package that a policy names. */
export interface RegoPackage {
  /** `app.access` for `data.app.access`; made of the text where that has no package line. */
  readonly name: string;
  readonly modules: readonly [RegoModule, ...RegoModule[]];
  /** Where the policy names the first of them. */
  readonly position: Position;
}

export interface RegoModule {
  /** With a package line, which is ours where the author wrote none. */
  readonly text: string;
  readonly version: 'v0' | 'v1';
  readonly source: RegoSource;
}

/** Where an author can find a line of Rego. */
export interface RegoSource {
  /** Of the first character: of a file, of a block in the YAML, or of the value that has all lines in one. */
  readonly position: Position;
  readonly kind: 'file' | 'block' | 'value';
  /** How many lines stand before the author's first. */
  readonly skipped: number;
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

export interface RouteFrom {
  readonly scheme: 'http' | 'https';
  /** Lower-case, no port, no trailing dot; with a `*` in it, a wildcard. */
  readonly host: string;
  /** Where one is written: "" for the scheme's own. A route takes its host on any port. */
  readonly port?: string;
}

export type PathMatch =
  | { readonly kind: 'prefix'; readonly value: string }
  | { readonly kind: 'path'; readonly value: string }
  | { readonly kind: 'regex'; readonly value: string };

/** What a header of the configuration is made of: text as it is written, or what is known of a request. */
export type HeaderPart =
  | { readonly kind: 'text'; readonly text: string }
  /** The assertion that the route's upstream gets. */
  | { readonly kind: 'jwt' }
  /** What the identity provider gave to the caller. */
  | { readonly kind: 'token'; readonly token: 'id_token' | 'access_token' }
  /** A header of the request, by its lower-case name. */
  | { readonly kind: 'request_header'; readonly name: string }
  | { readonly kind: 'client_certificate'; readonly fact: 'fingerprint' | 'san_dns' | 'san_email' };

export interface HeaderSetting {
  /** Lower-case; never a reserved, hop-by-hop or framing name. */
  readonly name: string;
  readonly parts: readonly HeaderPart[];
}

/** What a header of an upstream's answer begins with, and what the client gets in its place. */
export interface HeaderRewrite {
  /** Lower-case. */
  readonly name: string;
  /** Not empty. */
  readonly prefix: string;
  readonly value: string;
}

/** A claim of the caller as a header of its own. */
export interface ClaimHeader {
  /** Lower-case. */
  readonly name: string;
  /** Flat and dotted, as claims are; in its own case. */
  readonly claim: string;
}

/** Whom the proxy trusts on its way to an upstream; for `https:` upstreams only. */
export interface UpstreamTls {
  /** PEM of the certificates to trust instead of the system's; null for those. */
  readonly customCa: string | null;
  readonly skipVerify: boolean;
  /** The name to ask for and verify; null for the upstream's own. */
  readonly serverName: string | null;
}

/** What a request that may pass is answered with, in place of an upstream's answer. Null keeps the request's own. */
export interface Redirect {
  readonly scheme: 'http' | 'https' | null;
  readonly host: string | null;
  readonly port: number | null;
  /** The whole path, or what replaces the route's prefix; at most one of the two. */
  readonly path: string | null;
  readonly prefixRewrite: string | null;
  readonly status: 301 | 302 | 303 | 307 | 308;
  readonly stripsQuery: boolean;
}

export interface Route {
  /** `r0`, `r1`, ... in the order of the file. */
  readonly id: string;
  readonly name: string;
  readonly from: RouteFrom;
  /** Not empty but where there is a redirect. Upstreams, taken in turn; `http:` or `https:`, without credentials. A path on the first is the rewrite's prefix. */
  readonly to: readonly URL[];
  readonly path: PathMatch;
  /** What replaces the matched prefix; null where the path goes on as it came. */
  readonly prefixRewrite: string | null;
  readonly redirect: Redirect | null;
  readonly preserveHostHeader: boolean;
  /** The Host that the upstream gets, which wins over the client's; null for none. */
  readonly hostRewrite: string | null;
  /** The route's own value, else the global one, else false. */
  readonly passIdentityHeaders: boolean;
  /** Legacy keys first, as one allow rule, then `policy:`. */
  readonly policy: Policy;
  /** How long the whole exchange with the upstream may take; 0 is without end. */
  readonly timeoutMs: number;
  /** How long an upgraded connection may last: the route's own `timeout`, else 0, without end; never the global one. */
  readonly upgradeTimeoutMs: number;
  /** How long an exchange may be silent in both directions; 0 is without end. */
  readonly idleTimeoutMs: number;
  readonly allowWebsockets: boolean;
  /** Of `iss` in assertions: `api.example.com`, or `https://api.example.com/`. The route's own, else the global one. */
  readonly issuerFormat: 'host_only' | 'uri';
  /** In the order of the file. */
  readonly setRequestHeaders: readonly HeaderSetting[];
  /** Lower-case. */
  readonly removeRequestHeaders: readonly string[];
  /** The route's own over the global ones over the defaults. */
  readonly setResponseHeaders: readonly HeaderSetting[];
  /** In the order of the file: each applies to what those before it made. */
  readonly rewriteResponseHeaders: readonly HeaderRewrite[];
  /** The groups that assertions may name, by the global filter and the route's own; null for all. */
  readonly groupsFilter: readonly string[] | null;
  /** Whether they may name only the filter's groups and those of the policy. The route's own, else the global one. */
  readonly namesGroupsOfPolicy: boolean;
  readonly tls: UpstreamTls;
  /** How long after `iat` an own assertion may still be carried while its session lives; null for its own `exp`. The route's own, else the global one. */
  readonly originalUserMaxAgeSeconds: number | null;
  /** Other origins whose pages may open WebSockets here with a session: `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  readonly position: Position;
}

/** How people sign in, and where. */
export interface Provider {
  /** The issuer, as the provider's discovery document spells it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** What a sign-in asks for. */
  readonly scopes: readonly string[];
  /** Added to the authorization request. */
  readonly requestParams: Readonly<Record<string, string>>;
  readonly groupsClaim: string;
  /** How its sign-out calls the address to go on to: OpenID Connect RP-Initiated Logout's name, or Cognito's. */
  readonly signedOutParam: 'post_logout_redirect_uri' | 'logout_uri';
}

/** How the sessions of browsers are kept. */
export interface SessionSettings {
  readonly cookieName: string;
  /** Without a leading dot; null for cookies of one host each. */
  readonly cookieDomain: string | null;
  readonly sameSite: 'lax' | 'strict' | 'none';
  readonly lifetimeSeconds: number;
  /** How long a session lives on whose provider does not answer. */
  readonly outageGraceSeconds: number;
}

/** What pages of the proxy's own show of the house that they stand in. */
export interface Branding {
  readonly name: string;
  /** An image as a `data:` URL; null for none. */
  readonly logo: string | null;
  /** `#rrggbb`; null for Behalf's own. */
  readonly color: string | null;
}

/** Another proxy, whose assertions may be carried here. */
export interface TrustedIssuer {
  readonly issuer: string;
  readonly keys: { readonly kind: 'url'; readonly url: string } | { readonly kind: 'jwks'; readonly jwks: object };
  /** Of which an assertion must name one. */
  readonly audiences: readonly [string, ...string[]];
  /** The email domains that it may speak for, lower-case. */
  readonly domains: readonly [string, ...string[]];
  readonly maxLifetimeSeconds: number;
  readonly position: Position;
}

/** Where decisions are recorded, and how much. */
export interface DecisionLogSettings {
  /** Absolute. */
  readonly path: string;
  readonly maxBytes: number;
  /** How many older files stay beside it. */
  readonly keep: number;
  /** Headers, lower-case, that are recorded though no policy reads them. */
  readonly headers: readonly string[];
  /** The same of claims. */
  readonly claims: readonly string[];
}

export interface Config {
  /** The file as it was given. */
  readonly file: string;
  readonly address: { readonly host: string; readonly port: number };
  /** PEM of the certificate chain and its key; null where the proxy serves clear text. */
  readonly certificate: { readonly chain: string; readonly key: string } | null;
  /** Where people sign in; null where browsers cannot. */
  readonly authenticateServiceUrl: URL | null;
  readonly session: SessionSettings;
  readonly branding: Branding;
  /** Where people go who have signed out; null for a page of our own. */
  readonly signedOutUrl: URL | null;
  /** 32 bytes; null where the proxy is to make its own under `stateDir`. */
  readonly sharedSecret: Uint8Array | null;
  /** PEM (PKCS #8) of private keys, P-256, RSA or Ed25519: the first signs, all are published. Empty where those under `stateDir` are used. */
  readonly signingKeys: readonly string[];
  /** Absolute. */
  readonly stateDir: string;
  readonly provider: Provider | null;
  readonly bearerTokenFormat: 'default' | 'idp_identity_token' | 'idp_access_token';
  /** `aud` of access tokens must name one of them; empty unless `bearerTokenFormat` is `idp_access_token`. */
  readonly accessTokenAudiences: readonly string[];
  readonly trustedIssuers: readonly TrustedIssuer[];
  readonly originalUser: 'verified' | 'unverified';
  /** How far the clocks of the provider and of trusted issuers may be off. */
  readonly clockSkewSeconds: number;
  /** Null where decisions are not recorded. */
  readonly decisionLog: DecisionLogSettings | null;
  /** How many proxies stand between clients and this one, whose word on who the client is counts. */
  readonly trustedHops: number;
  /** In the order of the file. */
  readonly claimHeaders: readonly ClaimHeader[];
  /** People who are told why a request of theirs was refused: an email address where there is a "@" in it, else an id. */
  readonly operators: readonly string[];
  /** What Rego of policies reads as `data`, by its root there. */
  readonly data: Readonly<Record<string, PolicyDocument>>;
  readonly routes: readonly Route[];
}

/** A file of data, as JSON has it. */
export interface PolicyDocument {
  readonly value: unknown;
  readonly position: Position;
}
