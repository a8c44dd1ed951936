/** HTML that is safe to put into a page. Made by `html` alone. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand between the braces: text is escaped, null is nothing. */
export type Content = Html | string | number | null | readonly Content[];

/** A template of HTML. Whatever is put in is escaped, as text and as a quoted attribute's value, unless it is HTML already. */
export function html(strings: TemplateStringsArray, ...contents: readonly Content[]): Html {
  return new Html(strings.reduce((text, string, index) => text + write(contents[index - 1] ?? null) + string));
}

function write(content: Content): string {
  if (content === null) return '';
  if (content instanceof Html) return content.text;
  if (Array.isArray(content)) return content.map(write).join('');
  return String(content).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
