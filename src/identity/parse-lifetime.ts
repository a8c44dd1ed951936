import { BehalfError } from '../errors.ts';
import { parseSeconds } from './parse-seconds.ts';

/** `--expires` where it is not given. */
export const DEFAULT_LIFETIME = '90d';

/** Seconds of `90s`, `15m`, `12h`, `30d`; null for `never`. Throws ERR_USAGE. */
export function parseLifetime(text: string): number | null {
  if (text === 'never') return null;
  const seconds = parseSeconds(text);
  if (seconds) return seconds;
  throw new BehalfError('ERR_USAGE', `--expires takes 90s, 15m, 12h, 30d or never, not ${JSON.stringify(text)}`);
}
