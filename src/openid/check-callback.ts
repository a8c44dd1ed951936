import { signInFailed } from './translate-openid-error.ts';

const PARAMETERS = ['code', 'error', 'iss', 'state'];

/**
 * What openid-client checks too, but has one code for, before anybody is asked anything: that the answer is to the
 * question of this browser (RFC 6749, section 10.12), from the provider that it was sent to (RFC 9207, section 2.4).
 * Throws ERR_SIGN_IN_FAILED with reason `callback`, `state`, `issuer` or `code`.
 */
export function checkCallback(parameters: URLSearchParams, issuer: string, state: string): void {
  for (const name of PARAMETERS) {
    if (parameters.getAll(name).length > 1) throw signInFailed('callback', `came back with "${name}" twice`);
  }
  if (parameters.get('state') !== state) throw signInFailed('state', 'is not the one that this browser began');
  const iss = parameters.get('iss');
  if (iss !== null && iss !== issuer) throw signInFailed('issuer', 'came back from another provider');
  if (!parameters.has('code') && !parameters.has('error')) throw signInFailed('code', 'came back without a code');
}
