/**
 * Whether a token says that it leaves the groups out: beyond some 200 Entra ID names none, and says so. A deny on a group
 * would not see it.
 */
export function leavesGroupsOut(payload: Readonly<Record<string, unknown>>, groupsClaim: string): boolean {
  const elsewhere = Object(payload['_claim_names']);
  return payload['hasgroups'] === true || [groupsClaim, 'groups'].some((name) => Object.hasOwn(elsewhere, name));
}
