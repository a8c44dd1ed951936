import { type KeyObject, randomUUID } from 'node:crypto';
import { signHs256 } from '../identity/sign-hs256.ts';
import { PROGRAM } from '../identity/token-kinds.ts';
import { writeCompactJws } from '../identity/write-compact-jws.ts';

/** What a program shows to be let in as somebody, on one host, as long as their session lives. Times in seconds since 1970. */
export interface ProgramToken {
  /** The person's id. */
  readonly sub: string;
  readonly sid: string;
  readonly host: string;
  readonly expiresAt: number;
}

/** @param key derived for programs */
export function signProgramToken({ sub, sid, host, expiresAt }: ProgramToken, key: KeyObject): string {
  const { alg, typ } = PROGRAM;
  const claims = {
    sub,
    sid,
    aud: host,
    iat: Math.floor(Date.now() / 1000),
    exp: Math.floor(expiresAt),
    jti: randomUUID(),
  };
  return writeCompactJws({ alg, typ }, claims, (input) => signHs256(input, key));
}
