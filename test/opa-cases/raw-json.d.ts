// Of ECMAScript 2026, which TypeScript's libraries do not have yet.
interface JSON {
  /** `source`: the text of a number, string, boolean or null. */
  // biome-ignore lint/suspicious/noExplicitAny: as JSON.parse is declared
  parse(text: string, reviver: (key: string, value: unknown, context: { readonly source: string }) => unknown): any;
  /** What `stringify` writes as this text. */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}
