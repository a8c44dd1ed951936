/** What people can do about a reason themselves. */
const ADVICE: Readonly<Record<string, string>> = {
  'client-certificate-required':
    'Install your client certificate, then close all windows of the browser and try again.',
  'client-certificate-unauthorized':
    'If you have another client certificate, close all windows of the browser, try again and choose that one.',
  'date-unauthorized': 'Try again at another date.',
  'day-of-week-unauthorized': 'Try again on another day.',
  development: 'Open the address on the machine itself that the proxy runs on.',
  expired: 'Sign in again, or ask for a new credential.',
  'groups-unauthorized':
    'If you were added to a group a short while ago, sign out and in again: groups are read at your next sign-in or refresh.',
  'headers-too-large': 'Clearing the cookies of this site may help.',
  'invalid-client-certificate':
    'Ask whoever gave you the client certificate for a new one, then close all windows of the browser and try again.',
  'not-yet-valid': 'Set the clock of the computer that issued the credential, and try again.',
  'source-ip-unauthorized': 'Try again from a network that may come here: your office’s, or its VPN.',
  'time-of-day-unauthorized': 'Try again at another time of day.',
};

/** What people can do about these reasons, each once; none where only others can do something. */
export function advise(reasons: readonly string[]): readonly string[] {
  const advice = reasons.map((code) => (Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined));
  return [...new Set(advice)].filter((text) => text !== undefined);
}
