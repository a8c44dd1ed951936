import { type Kind, text } from './kinds.ts';

const BYTES = new Map([
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
]);
const SIZE = /^(\d{1,9})(KiB|MiB|GiB)$/;

/** A size within bounds, which are sizes too, in bytes. */
export function sizeBetween(from: string, to: string): Kind<number> {
  const least = readBytes(from) ?? Number.NaN;
  const most = readBytes(to) ?? Number.NaN;
  return text(
    `a size from ${from} to ${to}, in KiB, MiB or GiB`,
    (written, refuse) => {
      const bytes = readBytes(written);
      return bytes !== undefined && least <= bytes && bytes <= most ? bytes : refuse();
    },
    { pattern: SIZE.source },
  );
}

function readBytes(written: string): number | undefined {
  const [, amount, unit = ''] = SIZE.exec(written) ?? [];
  const bytes = BYTES.get(unit);
  return bytes === undefined ? undefined : Number(amount) * bytes;
}
