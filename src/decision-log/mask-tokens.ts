import { hideTokens } from '../hide-tokens.ts';

/**
 * The same value with every token masked, in names too, and the places where one stood, such as `request.path`. It is not
 * done in the JSON: there what looks like one may begin within an escape, as in `\u001eyJ`.
 */
export function maskTokens<T>(value: T): { readonly value: T; readonly places: readonly string[] } {
  const places: string[] = [];
  const mask = (each: unknown, path: readonly string[]): unknown => {
    if (typeof each === 'string') {
      const masked = hideTokens(each);
      if (masked !== each) places.push(path.join('.'));
      return masked;
    }
    if (typeof each !== 'object' || each === null) return each;
    if (Array.isArray(each)) return each.map((item) => mask(item, path));
    return Object.fromEntries(
      Object.entries(each).map(([key, item]) => {
        const name = hideTokens(key);
        return [name, mask(item, [...path, name])];
      }),
    );
  };
  return { value: mask(value, []) as T, places };
}
