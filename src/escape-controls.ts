// C0, DEL and C1; the line separators; what turns the direction of text; and the byte-order mark, which Rego refuses.
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\ufeff]/gu;

/**
 * Text or JSON on one line, each character escaped as JSON has it that could move a terminal's cursor, reorder a line or end
 * it. JSON stays the same JSON. Backslashes stay, as JSON and the quotations in messages have escaped theirs: what is escaped
 * once more is the same.
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, escapeControl);
}

/** JSON itself escapes C0 only. */
function escapeControl(char: string): string {
  const json = JSON.stringify(char).slice(1, -1);
  return json === char ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : json;
}
