export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly path: readonly string[] };

const NAME = '[A-Za-z0-9_-]+';
const STRING = String.raw`"(?:\\[\s\S]|[^"\\])*"`;
const SIMPLE = String.raw`(?<simple>${NAME}(?:\.${NAME})*)(?![A-Za-z0-9_.-])`;
const SELECTOR = String.raw`[ \t]*(?:\.[ \t]*${NAME}|\[[ \t]*${STRING}[ \t]*\])`;
const BRACED = String.raw`\{[ \t]*(?<braced>${NAME}(?:${SELECTOR})*)[ \t]*\}`;
const VARIABLE = new RegExp(String.raw`\$(?:(?<dollar>\$)|${BRACED}|${SIMPLE})`, 'g');
const STEP = new RegExp(`${STRING}|${NAME}`, 'g');

/**
 * Splits a template of Pomerium's: `$$` is a dollar sign, `$a.b` and `${ a . b["c"] }` are references; whatever is no
 * such thing stands for itself. Neighbouring texts are one.
 */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let text = '';
  let end = 0;
  for (const match of template.matchAll(VARIABLE)) {
    text += template.slice(end, match.index);
    end = match.index + match[0].length;
    const { dollar, simple, braced } = match.groups ?? {};
    if (dollar !== undefined) {
      text += dollar;
      continue;
    }
    if (text !== '') parts.push({ kind: 'text', text });
    text = '';
    parts.push({ kind: 'reference', path: readPath(simple ?? braced ?? '') });
  }
  text += template.slice(end);
  return text === '' ? parts : [...parts, { kind: 'text', text }];
}

/** The index of the first `${` that begins no reference and is not of `$$`, which stands for itself; -1 where there is none. */
export function findLooseReference(template: string): number {
  return template.replace(VARIABLE, (match) => ' '.repeat(match.length)).indexOf('${');
}

function readPath(written: string): readonly string[] {
  return Array.from(written.matchAll(STEP), ([step]) =>
    step.startsWith('"') ? step.slice(1, -1).replace(/\\([\s\S])/g, '$1') : step,
  );
}
