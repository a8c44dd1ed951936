/** Words, each with what it means, in two columns. */
export function writeColumns(meanings: Readonly<Record<string, string>>): string {
  const width = Math.max(...Object.keys(meanings).map((word) => word.length));
  return Object.entries(meanings)
    .map(([word, meaning]) => `  ${word.padEnd(width)}  ${meaning}\n`)
    .join('');
}
