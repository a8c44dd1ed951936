import type { Mismatch } from './result.ts';

export interface DifferenceLine {
  readonly sign: '-' | '+' | ' ';
  readonly text: string;
}

/** What was expected and is not there, `-`; what is there and was not expected, `+`; and what both have. */
export function writeDifference({ expected, found }: Mismatch): readonly DifferenceLine[] {
  const mark = (sign: DifferenceLine['sign']) => (text: string) => ({ sign, text });
  return [
    ...expected.filter((text) => found.includes(text)).map(mark(' ')),
    ...expected.filter((text) => !found.includes(text)).map(mark('-')),
    ...found.filter((text) => !expected.includes(text)).map(mark('+')),
  ];
}
