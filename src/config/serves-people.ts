import type { Criterion, PolicyBlock, Route } from './config.ts';

/**
 * Whether it may count on a route that a person is signed in: not where all that it allows is for service accounts alone,
 * and not where everyone passes and nobody is told who it is. What Rego asks for, nobody can say beforehand.
 */
export function servesPeople({ policy, redirect, passIdentityHeaders, setRequestHeaders }: Route): boolean {
  if (policy.rego.length > 0) return true;
  const named = setRequestHeaders.some(({ parts }) => parts.some(({ kind }) => kind === 'jwt' || kind === 'token'));
  const isTold = redirect === null && (passIdentityHeaders || named);
  if (!isTold && policy.rules.every(({ action, blocks }) => action === 'allow' && blocks.every(isOpen))) return false;
  return policy.rules.some(({ action, blocks }) => action === 'allow' && !blocks.every(isForPrograms));
}

function isOpen({ operator, criteria }: PolicyBlock): boolean {
  return (operator === 'and' || operator === 'or') && criteria.every(({ name }) => name === 'accept');
}

function isForPrograms({ operator, criteria }: PolicyBlock): boolean {
  if (operator === 'and') return criteria.some(asksForProgram);
  return operator === 'or' && criteria.every(asksForProgram);
}

/** Only service accounts call for others; a person is an original user, but not the caller. */
function asksForProgram({ name, data }: Criterion): boolean {
  if (name !== 'caller_type') return name === 'original_user';
  const is = data.kind === 'map' ? data.entries.find(({ key }) => key === 'is')?.value : data;
  return is?.kind === 'scalar' && is.value === 'service_account';
}
