import type { Header } from './header.ts';

/** Headers by name, as Node's messages have them: text, or a list where a name is there more than once. */
export function groupHeaders(headers: readonly Header[]): Record<string, string | string[]> {
  const groups: Record<string, string | string[]> = Object.create(null);
  for (const [name, value] of headers) {
    const earlier = groups[name];
    groups[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return groups;
}
