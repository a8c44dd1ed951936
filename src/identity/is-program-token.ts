import { PROGRAM } from './token-kinds.ts';

/** The first part of every token that we sign for a program. */
const HEADER = Buffer.from(JSON.stringify({ alg: PROGRAM.alg, typ: PROGRAM.typ })).toString('base64url');

/** Whether a token begins as we write those for programs, which costs nothing to see. Nothing is verified. */
export function isProgramToken(token: string): boolean {
  return token.startsWith(`${HEADER}.`);
}
