import type { Outcome, VerdictStep } from './explanation.ts';

export const UNAUTHENTICATED = 'user-unauthenticated';

const CERTIFICATE_REASONS = ['client-certificate-required', 'invalid-client-certificate'];

/**
 * Which step of DESIGN "The verdict's order" decides, as policy/main/main.rego has it.
 *
 * @param hasInvalidOriginal whether the route would carry an original user, and the service account's assertion is not valid
 */
export function findStep(allow: Outcome, deny: Outcome, hasInvalidOriginal: boolean): VerdictStep {
  if (deny.reasons.some((reason) => CERTIFICATE_REASONS.includes(reason))) return 'client-certificate';
  if ([allow, deny].some(({ reasons }) => reasons.includes(UNAUTHENTICATED))) return 'unauthenticated';
  if (hasInvalidOriginal) return 'original-user-invalid';
  if (deny.value) return 'denied';
  if (!allow.value) return 'not-allowed';
  return allow.reasons.includes('original-user-missing') ? 'original-user-missing' : 'allowed';
}
