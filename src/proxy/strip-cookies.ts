import type { Cookies } from '../sign-in/cookies.ts';

/** A Cookie header's value without the cookies that are ours, all else byte for byte; null where nothing is left. */
export function stripCookies(value: string, { isOwn, stem }: Pick<Cookies, 'isOwn' | 'stem'>): string | null {
  if (!value.includes(stem)) {
    return value;
  }
  const pairs = value.split(';');
  const others = pairs.filter((pair) => !isOwn(pair.split('=', 1)[0]?.trim() ?? ''));
  if (others.length === pairs.length) {
    return value;
  }
  const rest = others.join(';').trim();
  return rest === '' ? null : rest;
}
