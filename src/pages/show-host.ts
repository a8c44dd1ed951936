import type { Html } from './html.ts';
import { showText } from './show-text.ts';

/** A host that stands alone: where it is too long for a line, that ends after a dot or a slash, or before the port. */
export function showHost(host: string): Html {
  return showText(host, /(?<=[./])|(?=:\d+$)/);
}
