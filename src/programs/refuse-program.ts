import type { Answer } from '../sign-in/answer.ts';
import { writeJson } from '../sign-in/write-json.ts';

/** Tells whoever wrote a program what is wrong with its request, in OAuth's words (RFC 6749, section 5.2). */
export function refuseProgram(error: 'invalid_request' | 'invalid_grant', description: string, status = 400): Answer {
  return writeJson(status, { error, error_description: description });
}
