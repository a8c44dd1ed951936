import { escapeControls } from '../escape-controls.ts';

/** Text on one line, without what a terminal could take for a command. */
export function writeText(text: string): string {
  return escapeControls(JSON.stringify(text)).slice(1, -1);
}
