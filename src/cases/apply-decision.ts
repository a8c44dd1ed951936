import type { AssertionClaims, Decision, InputDocument, OriginalUser } from '../engine/documents.ts';
import { applyRequestHeaders } from '../proxy/apply-request-headers.ts';
import { applyResponseHeaders } from '../proxy/apply-response-headers.ts';
import type { Header } from '../proxy/header.ts';
import { VerifiedAssertion } from '../proxy/verified-assertion.ts';
import type { ImaginedRequest } from './imagine-request.ts';

/** One header after all actions, by its lower-case name. */
export interface AppliedHeader {
  /** An assertion in it stands as `${pomerium.jwt}`, as in the configuration. */
  readonly value: string;
  /** The same for people: what the configuration sets may be secret. */
  readonly shown: string;
  /** What the assertion says, where the value is one and nothing else. */
  readonly claims: Readonly<Record<string, unknown>> | null;
}

export interface AppliedHeaders {
  readonly request: ReadonlyMap<string, AppliedHeader>;
  readonly response: ReadonlyMap<string, AppliedHeader>;
}

/** No token is made or carried here: what stands for them. */
const SIGNED = `$\{pomerium.jwt}`;
const CARRIED = '(the assertion of the original user)';
const CONFIGURED = '(text of the configuration)';

/**
 * The headers that an upstream and a client would get, by the proxy's own carrying out of a decision; of the answer, what
 * the decision adds to it.
 *
 * @throws BehalfError ERR_ENGINE_DECISION where the proxy would not do it
 */
export async function applyDecision(
  { input, headers }: ImaginedRequest,
  { request_headers, response_headers }: Decision,
  headerTexts: readonly string[],
): Promise<AppliedHeaders> {
  const { caller, original_user: user } = input;
  const original = await carry(input);
  let signed: AssertionClaims | null = null;
  const signAssertion = (claims: AssertionClaims) => {
    signed = claims;
    return SIGNED;
  };
  const edit = (texts: readonly string[]) =>
    applyRequestHeaders(
      headers,
      request_headers,
      { host: input.request.host, caller, original, unverified: null, session: null, headerTexts: texts },
      { signAssertion },
    );
  const hidden = headerTexts.map(() => CONFIGURED);
  const editResponse = (texts: readonly string[]) => applyResponseHeaders([], response_headers, texts);
  const claimsOf = (value: string) =>
    value === SIGNED ? signed : value === CARRIED && user ? writeClaims(user) : null;
  return {
    request: index(edit(headerTexts), edit(hidden), claimsOf),
    response: index(editResponse(headerTexts), editResponse(hidden), () => null),
  };
}

async function carry({ caller, original_user: user }: InputDocument): Promise<VerifiedAssertion | null> {
  if (caller === null || user === null) return null;
  const identity = { verifyAssertion: () => Promise.resolve(user) };
  return await VerifiedAssertion.verify(identity, CARRIED, { presenter: caller, maxAgeSeconds: null });
}

function writeClaims({ type, id, email, name, groups, issuer, audience, claims }: OriginalUser) {
  const further = Object.entries(claims).map(([claim, values]) => [claim, values.length === 1 ? values[0] : values]);
  const own = { iss: issuer, aud: audience, sub: id, user: id, email, name, groups, caller_type: type };
  return { ...Object.fromEntries(further), ...own };
}

/** Both lists are of the same headers. */
function index(
  headers: readonly Header[],
  shown: readonly Header[],
  claimsOf: (value: string) => AppliedHeader['claims'],
): ReadonlyMap<string, AppliedHeader> {
  const found = new Map<string, AppliedHeader>();
  for (const [at, [name, value]] of headers.entries()) {
    const earlier = found.get(name);
    const join = (first: string | undefined, next: string) => (first === undefined ? next : `${first}, ${next}`);
    found.set(name, {
      value: join(earlier?.value, decode(value)),
      shown: join(earlier?.shown, decode(shown[at]?.[1] ?? '')),
      claims: earlier === undefined ? claimsOf(value) : null,
    });
  }
  return found;
}

/** Of what UTF-8 makes of bytes as Latin-1. */
function decode(value: string): string {
  return Buffer.from(value, 'latin1').toString();
}
