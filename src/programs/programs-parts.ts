import type { KeyObject } from 'node:crypto';
import type { Branding, SessionSettings } from '../config/config.ts';
import type { Log } from '../log.ts';
import type { Sessions } from '../session/session.ts';
import type { Cookies } from '../sign-in/cookies.ts';
import type { Seal } from '../sign-in/seal.ts';

export interface ProgramsOptions {
  /** Where people sign in, and are asked: no upstream's page is of that origin. */
  readonly authenticateServiceUrl: URL;
  readonly session: SessionSettings;
  readonly sessions: Sessions;
  /** 32 bytes. */
  readonly sharedSecret: Uint8Array;
  readonly branding: Branding;
  readonly log: Log;
  servesHost(host: string): boolean;
}

/** What a program asks for. */
export interface ProgramRequest {
  /** The one host where it wants to be somebody. */
  readonly host: string;
  /** Its loopback address. */
  readonly redirectUri: string;
  /** SHA-256 of a secret that only the program knows (RFC 7636). */
  readonly codeChallenge: string;
}

/** What a code stands for: somebody's yes. */
export interface ProgramCode extends Pick<ProgramRequest, 'host' | 'codeChallenge'> {
  readonly sid: string;
  readonly ticket: string;
}

export interface ProgramsParts extends ProgramsOptions {
  readonly cookies: Pick<Cookies, 'session'>;
  readonly seals: { readonly request: Seal<ProgramRequest>; readonly code: Seal<ProgramCode> };
  /** What signs the tokens. */
  readonly key: KeyObject;
}
