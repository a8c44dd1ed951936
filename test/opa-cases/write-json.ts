/** JSON of what was read with big integers, each with all its digits; keys in order. */
export function writeJson(value: unknown): string {
  return JSON.stringify(value, (_key, each) => {
    if (typeof each === 'bigint') return JSON.rawJSON(`${each}`);
    if (typeof each !== 'object' || each === null || Array.isArray(each) || JSON.isRawJSON(each)) return each;
    return Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)));
  });
}
