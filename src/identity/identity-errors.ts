import type { OriginalUserError } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';

/** The `reason` of ERR_CREDENTIAL_INVALID. */
export type CredentialFault =
  | 'audience'
  | 'expired'
  | 'forged'
  | 'issuer'
  | 'malformed'
  | 'not-yet-valid'
  | 'revoked'
  | 'unknown';

/** `problem` completes "the credential ...", and never quotes the token. */
export function credentialInvalid(reason: CredentialFault, problem: string): BehalfError {
  return new BehalfError('ERR_CREDENTIAL_INVALID', `the credential ${problem}`, { reason });
}

/** `problem` completes "the assertion ...", and never quotes the token. */
export function assertionInvalid(reason: OriginalUserError, problem: string): BehalfError {
  return new BehalfError('ERR_ASSERTION_INVALID', `the assertion ${problem}`, { reason });
}

/** `problem` says what to do as well. */
export function stateUnusable(problem: string, cause?: unknown): BehalfError {
  return new BehalfError('ERR_STATE_UNUSABLE', problem, { cause });
}

/** `problem` says of which address. */
export function identityUnavailable(problem: string, cause?: unknown): BehalfError {
  return new BehalfError('ERR_IDENTITY_UNAVAILABLE', `the keys of an issuer: ${problem}`, { cause });
}
