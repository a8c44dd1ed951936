/** What would be the same for another account. */
const OF_NO_ACCOUNT: ReadonlySet<string> = new Set([
  'client-certificate-required',
  'client-certificate-unauthorized',
  'date-unauthorized',
  'day-of-week-unauthorized',
  'http-method-unauthorized',
  'http-path-unauthorized',
  'invalid-client-certificate',
  'non-cors-request',
  'reject',
  'route-not-found',
  'source-ip-unauthorized',
  'time-of-day-unauthorized',
]);

/** Whether somebody else might pass who asks for the same in the same way. */
export function dependsOnAccount(reasons: readonly string[]): boolean {
  return !reasons.every((code) => OF_NO_ACCOUNT.has(code));
}
