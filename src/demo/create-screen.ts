import { styleText } from 'node:util';

/** Where the demo's text goes. Colours only on a terminal and without NO_COLOR: `styleText` sees to it. */
export interface Screen {
  heading(text: string): void;
  line(text?: string): void;
  /** What is being done now, with the time since the start. */
  progress(text: string): void;
  /** A line with a mark: whether it came as expected. */
  verdict(ok: boolean, text: string): void;
}

export function createScreen(write: (text: string) => void): Screen {
  return {
    heading: (text) => write(`\n${styleText('bold', text)}\n\n`),
    line: (text = '') => write(text === '' ? '\n' : `   ${text}\n`),
    progress: (text) =>
      write(`   ${styleText('dim', `${(performance.now() / 1000).toFixed(1).padStart(4)} s`)}  ${text}\n`),
    verdict: (ok, text) => write(` ${ok ? styleText('green', '✓') : styleText('red', '✗')} ${text}\n`),
  };
}
