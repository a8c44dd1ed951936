/**
 * A scalar as Rego text. Rego's strings are JSON's, but what a reader cannot see (controls, marks of direction, line
 * separators, a byte order mark, which OPA's scanner refuses) is escaped, so that generated Rego means what it shows.
 *
 * @param value well-formed text, a boolean, null, or a finite number
 */
export function writeRegoScalar(value: string | number | boolean | null): string {
  return JSON.stringify(value).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeUnits);
}

function escapeUnits(character: string): string {
  return Array.from({ length: character.length }, (_, at) => {
    return `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }).join('');
}
