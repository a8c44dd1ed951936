import { POLICY_REASONS } from './policy-reasons.ts';

/** What refuses a request before its policy is asked, or a credential, or what the policy decided. */
const OWN_REASONS: Readonly<Record<string, string>> = {
  audience: 'The credential was issued for another service.',
  connection: 'The Connection header names a header that every server needs.',
  development:
    'In development mode this proxy takes requests of its own machine alone, and this one came through another proxy or a tunnel.',
  expired: 'The credential has expired: ask for a new one.',
  forged: 'The credential was not issued here, or was changed since.',
  form: 'The body is not a form.',
  forwarded: 'A proxy in front of this one names a client that is no IP address.',
  framing: 'The length of the request can be read in more than one way.',
  'headers-too-large': 'What upstreams are told of you is too long for a header: you may be in too many groups.',
  host: 'The Host header must be there once and name a host.',
  issuer: 'The credential was issued by someone who is not trusted here.',
  malformed: 'The credential is not well-formed.',
  'not-yet-valid': 'The credential is not valid yet: check the clocks.',
  origin: 'A page of another site tried to open this connection with your session.',
  path: 'The path can be read in more than one way.',
  'path-rewrite': 'The path goes on in the middle of a name, where this route’s prefix ends.',
  revoked: 'The credential has been revoked.',
  syntax: 'The request is not HTTP/1.1 as RFC 9112 writes it.',
  target: 'The request target and the Host header do not name the same host.',
  'two-sessions':
    'Your browser sent the cookies of two sessions, so nobody can tell who you are. Both were removed: sign in again.',
  unknown: 'The credential is not known here.',
  upgrade: 'The connection cannot be upgraded to another protocol.',
};
const REASONS: Readonly<Record<string, string>> = { ...POLICY_REASONS, ...OWN_REASONS };

/** What holds for a request can only have refused it by a deny. */
const HOLDS = /-ok$|^accept$|^cors-request$/;

/** A reason's code in plain words; a code of the user's own policy stands for itself. */
export function explainReason(code: string): string {
  if (HOLDS.test(code)) {
    return 'A rule denies what this request is, or who sends it.';
  }
  return Object.hasOwn(REASONS, code) ? (REASONS[code] ?? code) : code;
}

/** Every code of the proxy's own that has words here, sorted. */
export function listOwnReasons(): readonly string[] {
  return Object.keys(OWN_REASONS).sort();
}
