import { BehalfError } from '../errors.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** `--expires` where it is not given. */
export const DEFAULT_LIFETIME = '90d';

/** Seconds of `90s`, `15m`, `12h`, `30d`; null for `never`. Throws ERR_USAGE. */
export function parseLifetime(text: string): number | null {
  if (text === 'never') return null;
  const [, count, unit] = /^([1-9][0-9]{0,5})([smhd])$/.exec(text) ?? [];
  if (count === undefined) {
    throw new BehalfError('ERR_USAGE', `--expires takes 90s, 15m, 12h, 30d or never, not ${JSON.stringify(text)}`);
  }
  return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
