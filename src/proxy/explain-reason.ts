const SENTENCES: Readonly<Record<string, string>> = {
  audience: 'The credential was issued for another service.',
  'caller-type-unauthorized': 'The rules ask for a person where a program came, or for a program where a person did.',
  'claim-unauthorized': 'Your account lacks what the rules ask for.',
  'client-certificate-required': 'A client certificate is needed, and none was presented.',
  'client-certificate-unauthorized': 'Your client certificate is not among those that may come here.',
  connection: 'The Connection header names a header that every server needs.',
  'date-unauthorized': 'The rules let nobody pass at this date.',
  'day-of-week-unauthorized': 'The rules let nobody pass on this day.',
  'domain-unauthorized': 'Your email address is not of an organisation that may come here.',
  'email-unauthorized': 'Your email address is not among those that may come here.',
  expired: 'The credential has expired: ask for a new one.',
  forged: 'The credential was not issued here, or was changed since.',
  forwarded: 'A proxy in front of this one names a client that is no IP address.',
  framing: 'The length of the request can be read in more than one way.',
  'groups-unauthorized': 'You are in no group that may come here.',
  'headers-too-large': 'What upstreams are told of you is too long for a header: you may be in too many groups.',
  host: 'The Host header must be there once and name a host.',
  'http-method-unauthorized': 'The rules do not take this method.',
  'http-path-unauthorized': 'The rules do not take this path.',
  'invalid-client-certificate': 'The client certificate is not valid here.',
  issuer: 'The credential was issued by someone who is not trusted here.',
  malformed: 'The credential is not well-formed.',
  'non-cors-request': 'The rules take a CORS preflight request only.',
  'not-yet-valid': 'The credential is not valid yet: check the clocks.',
  'original-user-invalid':
    'The service account brought an assertion of an original user that is not valid: forged, expired, revoked or not for this proxy.',
  'original-user-missing': 'Only a service account that calls on behalf of a user may come here, and shows it.',
  'original-user-unauthorized': 'The original user, on whose behalf the service account calls, may not come here.',
  path: 'The path can be read in more than one way.',
  'path-rewrite': 'The path goes on in the middle of a name, where this route’s prefix ends.',
  reject: 'The rules let nobody pass.',
  revoked: 'The credential has been revoked.',
  'route-not-found': 'No route of this proxy answers to this address.',
  'source-ip-unauthorized': 'Your IP address is not among those that may come here.',
  syntax: 'The request is not HTTP/1.1 as RFC 9112 writes it.',
  target: 'The request target and the Host header do not name the same host.',
  'time-of-day-unauthorized': 'The rules let nobody pass at this time of day.',
  unknown: 'The credential is not known here.',
  upgrade: 'The connection cannot be upgraded to another protocol.',
  'user-unauthenticated': 'Nobody is signed in.',
  'user-unauthorized': 'Your account is not among those that may come here.',
  'valid-client-certificate': 'The rules take nobody whose client certificate is valid.',
};

/** What holds for a request can only have refused it by a deny. */
const HOLDS = /-ok$|^accept$|^cors-request$/;

/** A reason's code in plain words; a code of the user's own policy stands for itself. */
export function explainReason(code: string): string {
  if (HOLDS.test(code)) {
    return 'A rule denies what this request is, or who sends it.';
  }
  return Object.hasOwn(SENTENCES, code) ? (SENTENCES[code] ?? code) : code;
}

/** Every code that has words of its own here, sorted. */
export function listReasons(): readonly string[] {
  return Object.keys(SENTENCES).sort();
}
