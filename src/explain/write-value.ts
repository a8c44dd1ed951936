import { escapeControls } from '../escape-controls.ts';

const MAX_CHARS = 160;

/** Any value of a document as JSON on one line, cut where it is long: it may have come with a request. */
export function writeValue(value: unknown): string {
  const json = escapeControls(JSON.stringify(value) ?? 'null');
  return json.length > MAX_CHARS ? `${json.slice(0, MAX_CHARS)}…` : json;
}
