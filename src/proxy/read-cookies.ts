import type { Header } from './header.ts';

/** All cookies of a request, in their order; values as they came. */
export function readCookies(headers: readonly Header[]): readonly (readonly [name: string, value: string])[] {
  return headers
    .filter(([name]) => name === 'cookie')
    .flatMap(([, value]) => value.split(';'))
    .map((pair) => {
      const [name = ''] = pair.split('=', 1);
      return [name.trim(), pair.slice(name.length + 1).trim()];
    });
}
