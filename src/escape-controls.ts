// JSON escapes C0 only. DEL, C1, line separators and bidirectional controls could still forge or reorder lines on a terminal.
const CONTROLS = /[\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** The same JSON, with every character escaped that a terminal could take for a command or for the end of a line. */
export function escapeControls(json: string): string {
  return json.replace(CONTROLS, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
