import { escapeControls } from './escape-controls.ts';

/** Text for people on one line, its quotes as they are, without what a terminal could take for a command. */
export function escapeText(text: string): string {
  return escapeControls(text.replace(/\p{Cc}/gu, (char) => JSON.stringify(char).slice(1, -1)));
}
