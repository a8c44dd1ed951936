const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Seconds of `0s`, `90s`, `15m`, `12h`, `30d`; null for anything else. */
export function parseSeconds(text: string): number | null {
  const [, count, unit] = /^(0|[1-9][0-9]{0,5})([smhd])$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * SECONDS[unit as keyof typeof SECONDS];
}
