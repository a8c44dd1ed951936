import type { Criterion, Policy } from '../config/config.ts';
import type { Problems } from '../config/problems.ts';

/**
 * Warns of each criterion that goes by a certificate's names in a policy that does not deny invalid certificates: whoever
 * makes a certificate for themselves writes what names they like (DESIGN "Details", certificates).
 */
export function checkCertificates(policy: Policy, problems: Problems): void {
  if (demandsValid(policy)) return;
  const criteria = policy.rules.flatMap(({ blocks }) => blocks.flatMap((block) => block.criteria));
  for (const { position } of criteria.filter(goesByNames)) {
    problems.warning(
      position,
      'anybody can make a certificate with these names: add "deny: {or: [{invalid_client_certificate: true}]}"',
    );
  }
}

/** A denial that an invalid certificate alone brings about. */
function demandsValid({ rules }: Policy): boolean {
  const denials = rules.filter(({ action }) => action === 'deny').flatMap(({ blocks }) => blocks);
  return denials.some(({ operator, criteria }) => {
    const isEnough = operator === 'or' || (operator === 'and' && criteria.length === 1);
    return isEnough && criteria.some(({ name }) => name === 'invalid_client_certificate');
  });
}

const NAMES: ReadonlySet<string> = new Set(['san_dns', 'san_email', 'san_uri']);

/** Of a key or a whole certificate nobody else has the private key, so there validity adds nothing. */
function goesByNames({ name, data }: Criterion): boolean {
  if (name !== 'client_certificate' || data.kind !== 'map') return false;
  const keys = data.entries.map(({ key }) => key);
  return keys.some((key) => NAMES.has(key)) && !keys.includes('fingerprint') && !keys.includes('spki_hash');
}
