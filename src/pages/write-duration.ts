const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** Seconds in words, by the two largest units: `13 hours 42 minutes`. */
export function writeDuration(seconds: number): string {
  const first = UNITS.findIndex(([, size]) => seconds >= size);
  if (first === -1) return 'less than a minute';
  let rest = seconds;
  return UNITS.slice(first, first + 2)
    .map(([name, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return count === 0 ? '' : `${count} ${name}${count === 1 ? '' : 's'}`;
    })
    .filter((part) => part !== '')
    .join(' ');
}
