/** A Cookie header's value without the cookies of that name, all else byte for byte; null where nothing is left. */
export function stripCookie(value: string, name: string): string | null {
  if (!value.includes(name)) {
    return value;
  }
  const pairs = value.split(';');
  const others = pairs.filter((pair) => pair.split('=', 1)[0]?.trim() !== name);
  if (others.length === pairs.length) {
    return value;
  }
  const rest = others.join(';').trim();
  return rest === '' ? null : rest;
}
