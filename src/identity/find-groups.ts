import type { Claims } from '../engine/documents.ts';

/**
 * The groups that claims name, and nothing that is no text; undefined where there is no such claim.
 *
 * @param groupsClaim its name, or dotted path
 */
export function findGroups(claims: Claims, groupsClaim: string): readonly string[] | undefined {
  if (!Object.hasOwn(claims, groupsClaim)) return undefined;
  return claims[groupsClaim]?.filter((group) => typeof group === 'string');
}
