/**
 * Whether a Set-Cookie header's value would set a cookie whose name is ours. Browsers keep `=a=b` as a cookie without a
 * name, and send it as `a=b`.
 */
export function setsOwnCookie(value: string, isOwn: (name: string) => boolean): boolean {
  return isOwn(/^[\s=]*([^=;]*)/.exec(value)?.[1]?.trim() ?? '');
}
