/**
 * The two documents that cross the border between TypeScript, which finds facts and carries decisions out, and Rego,
 * which decides. Their JSON Schemas are `policy/schema/input.json` and `policy/schema/decision.json`.
 */

export interface InputDocument {
  readonly route: { readonly id: string; readonly name: string };
  readonly request: RequestFacts;
  readonly caller: Caller | null;
  /** Only what was verified, and only when the caller is a service account. */
  readonly original_user: OriginalUser | null;
  readonly original_user_error: OriginalUserError | null;
  /** Nanoseconds since 1970: makes each decision replayable. */
  readonly time_ns: number;
}

export interface RequestFacts {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Lower-case, without port and trailing dot. */
  readonly host: string;
  /** Normalised and percent-decoded. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** By lower-case name; no Cookie, no Authorization, no reserved header. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly ip: string;
  readonly client_certificate: ClientCertificate | null;
}

export interface ClientCertificate {
  readonly valid: boolean;
  /** Lower-case hexadecimal SHA-256 of the DER, without colons. */
  readonly fingerprint: string;
  /** Standard base64 of the SHA-256 of the public key's DER. */
  readonly spki_hash: string;
  readonly san_dns: readonly string[];
  readonly san_email: readonly string[];
  readonly san_uri: readonly string[];
}

/** Lists under flat dotted names: `{"a": {"b": "v"}}` is `{"a.b": ["v"]}`. */
export type Claims = Readonly<Record<string, readonly (string | number | boolean | null)[]>>;

export type CallerType = 'user' | 'service_account';

/** Who sends the request. `email` and `name` are "" where there is none. */
export interface Caller {
  readonly type: CallerType;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly claims: Claims;
  readonly session_id: string;
  /** Seconds since 1970; null where the credential has no end. */
  readonly expires_at: number | null;
}

/** Where the chain began, as a verified assertion says. */
export interface OriginalUser {
  readonly type: CallerType;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly claims: Claims;
  readonly issuer: string;
  readonly audience: string;
  /** Seconds since 1970. */
  readonly expires_at: number;
  readonly expired: boolean;
}

export const ORIGINAL_USER_ERRORS = [
  'audience',
  'expired',
  'issuer',
  'malformed',
  'not-yet-valid',
  'presenter',
  'repeated',
  'revoked',
  'signature',
] as const;
export type OriginalUserError = (typeof ORIGINAL_USER_ERRORS)[number];

export interface Decision {
  readonly allow: boolean;
  /** 200 where allowed; else 401, 403, 404 or 495. */
  readonly status: number;
  /** Of the side that decided, sorted. */
  readonly reasons: readonly string[];
  /** Applied in this order to what goes upstream; empty where not allowed. */
  readonly request_headers: readonly RequestHeaderAction[];
  readonly response_headers: readonly ResponseHeaderAction[];
}

export type RequestHeaderAction =
  | { readonly action: 'remove'; readonly name: string }
  | { readonly action: 'set'; readonly name: string; readonly value: HeaderValue }
  | { readonly action: 'sign'; readonly name: string; readonly claims: AssertionClaims }
  /** `unverified`: whatever well-formed token the service account brought, where the configuration says so. */
  | { readonly action: 'carry'; readonly name: string; readonly from: 'original_user' | 'unverified' }
  /** Changes nothing: how many values the header leaves out, for the log. */
  | { readonly action: 'omit'; readonly name: string; readonly count: number };

export type ResponseHeaderAction =
  | { readonly action: 'remove'; readonly name: string }
  | { readonly action: 'set'; readonly name: string; readonly value: HeaderValue }
  /** Of what the upstream sent: a value that begins with `prefix` begins with `value` instead. */
  | { readonly action: 'rewrite'; readonly name: string; readonly prefix: HeaderValue; readonly value: HeaderValue };

/**
 * Text, which the proxy percent-encodes where no header can hold it, or parts that it joins. Text that came with a request
 * is never read as a part.
 */
export type HeaderValue = string | readonly HeaderValuePart[];

/**
 * Text; an assertion to sign; a token of the caller's, without which the header is not sent; a text of the configuration,
 * by its number: the policy sees no value that may be secret; or what came in headers, each character a byte.
 */
export type HeaderValuePart =
  | string
  | { readonly sign: AssertionClaims }
  | { readonly token: TokenKind }
  | { readonly config: number }
  | { readonly bytes: string };

/** What the identity provider gave to a person when they signed in. */
export type TokenKind = 'id_token' | 'access_token';

/** What an assertion says of a caller; the proxy adds `jti`, `iat` and `exp`. */
export interface AssertionClaims {
  readonly iss: string;
  readonly aud: string;
  readonly sub: string;
  readonly user: string;
  readonly email: string;
  readonly name: string;
  readonly groups: readonly string[];
  readonly sid: string;
  readonly caller_type: CallerType;
  /** Claims that have a header of their own: one value as text, several as a list. */
  readonly [claim: string]: string | readonly string[];
}
