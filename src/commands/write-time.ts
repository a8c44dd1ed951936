/** A time in a list, to the second; `none` where there is none. */
export function writeTime(seconds: number | null, none: string): string {
  return seconds === null ? none : new Date(seconds * 1000).toISOString().replace('.000', '');
}
