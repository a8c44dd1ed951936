import { looksSecret } from './looks-secret.ts';

const MAX_QUOTED = 60;

/** Text from a file as a message shows it: in quotes, on one line, cut where it is long; `a string` where it looks secret. */
export function quote(text: string): string {
  if (looksSecret(text)) return 'a string';
  return JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}...` : text);
}
