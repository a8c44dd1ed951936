import type { Answer } from '../sign-in/answer.ts';
import type { OwnContext } from '../sign-in/own-context.ts';
import type { OwnRequest } from '../sign-in/own-request.ts';
import { writeJson } from '../sign-in/write-json.ts';
import { hashVerifier } from './hash-verifier.ts';
import type { ProgramsParts } from './programs-parts.ts';
import { refuseProgram } from './refuse-program.ts';
import { signProgramToken } from './sign-program-token.ts';

/** RFC 7636, section 4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/;

/**
 * `/.pomerium/api/v1/token` on a route's host, by POST of `code` and `code_verifier`: `{ token, expires_in }`, once. Rejects
 * with ERR_REQUEST_MALFORMED, ERR_FORM_TOO_LARGE and ERR_STATE_UNUSABLE.
 */
export async function answerProgramToken(
  { sessions, seals, key, log }: ProgramsParts,
  request: OwnRequest,
  { requestId }: OwnContext,
): Promise<Answer> {
  const fields = await request.form();
  const [code = '', ...codes] = fields.getAll('code');
  const [verifier = '', ...verifiers] = fields.getAll('code_verifier');
  if (codes.length + verifiers.length > 0) return refuseProgram('invalid_request', 'a field is there more than once');
  const given = seals.code.unseal(code);
  if (given === null) return refuseProgram('invalid_grant', 'the code is not from here, or more than a minute old');
  const { host, codeChallenge, sid, ticket } = given;
  // Whoever brings it, right or wrong, is the last one.
  const isFirst = sessions.takeTicket(ticket);
  if (host !== request.host) return refuseProgram('invalid_grant', 'the code is for another host');
  if (!VERIFIER.test(verifier) || hashVerifier(verifier) !== codeChallenge) {
    return refuseProgram('invalid_grant', 'code_verifier is not the one of the code_challenge');
  }
  if (!isFirst) return refuseProgram('invalid_grant', 'the code was used before');
  const session = await sessions.findBySid(sid);
  if (session === null) return refuseProgram('invalid_grant', 'the session has ended since');
  const { endsAt: expiresAt, person } = session;
  log.info('a program got a token', { request_id: requestId, session: sid, user: person.id, host });
  return writeJson(200, {
    token: signProgramToken({ sub: person.id, sid, host, expiresAt }, key),
    expires_in: Math.max(0, Math.floor(expiresAt - Date.now() / 1000)),
  });
}
