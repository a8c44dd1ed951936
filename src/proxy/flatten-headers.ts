import type { Header, RawHeaders } from './header.ts';

/** Headers as Node's and undici's writers take them, so that no name and no order is lost. */
export function flattenHeaders(headers: readonly Header[]): RawHeaders & string[] {
  const flat: string[] = [];
  for (const [name, value] of headers) {
    flat.push(name, value);
  }
  return flat;
}
