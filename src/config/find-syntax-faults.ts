import { type Document, type ErrorCode, isCollection, isScalar, type Node, visit, type YAMLError } from 'yaml';

export interface SyntaxFault {
  readonly offset: number;
  readonly message: string;
}

/**
 * What is said instead of the library's own words, which quote the text and with it, perhaps, a secret. These are wrong
 * by themselves, whatever stands around them.
 */
const OWN_FAULTS: Partial<Record<ErrorCode, string>> = {
  BAD_ALIAS: 'an anchor or alias without a proper name',
  BAD_DIRECTIVE: 'a directive that YAML 1.2 does not know',
  BAD_DQ_ESCAPE: 'an escape sequence that YAML does not know; in single quotes a backslash is only a backslash',
  BAD_SCALAR_START: 'a plain value cannot start with this character; put the value in quotes',
  TAG_RESOLVE_FAILED: 'a tag that Behalf does not know; only the tags of the YAML 1.2 core schema work',
};

export const TOO_DEEP = 'nested deeper than can be read';
const TAB = 'a tab in the indentation; YAML takes spaces only';
const COLUMN = 'not indented as its context asks for: keys of one map, and items of one list, begin in one column';
const DEEPER =
  'indented deeper than the line above, which has a value already: begin both in one column, or take that value away';
const COLON = 'a ":" with a space behind it is missing after the key';
const COMMA = 'a comma is missing here, or a closing bracket before it';
const DASH = 'the "-" of a list needs a space behind it';
const QUOTE = 'this quote has no closing one where its value ends';

/** After each of these the library has lost its way: what it says of the rest is seldom a fault of the text. */
const STRAYING: Partial<Record<ErrorCode, string>> = {
  BAD_INDENT: COLUMN,
  BLOCK_AS_IMPLICIT_KEY: 'a value with a ": " in it; put it in quotes, or begin a map on a line of its own',
  BLOCK_IN_FLOW: COMMA,
  MISSING_CHAR: COLON,
  MULTILINE_IMPLICIT_KEY: COLON,
  MULTIPLE_DOCS: 'a second document starts here; there may be only one in a file',
  TAB_AS_INDENT: TAB,
  UNEXPECTED_TOKEN: `the value ends before this; in double quotes a quote is written \\", in single quotes ''`,
};

const CLOSING: ReadonlyMap<string | undefined, string> = new Map([
  ['[', ']'],
  ['{', '}'],
]);

/**
 * What is to be mended in a text that is not YAML: each thing that is wrong by itself, up to the first place where the
 * library lost its way, and the likely cause of that.
 */
export function findSyntaxFaults(source: string, document: Document): readonly SyntaxFault[] {
  const errors = [...document.errors, ...document.warnings];
  const tooDeep = errors.find(({ code }) => code === 'RESOURCE_EXHAUSTION');
  if (tooDeep) return [{ offset: tooDeep.pos[0], message: TOO_DEEP }];
  const strays = errors.filter(({ code }) => OWN_FAULTS[code] === undefined);
  const first = findFirst(strays, source);
  const cause = first && (findOpened(first, document, source) ?? findCause(first, errors, document, source));
  const own = errors.flatMap(({ code, pos: [offset] }) => {
    const message = OWN_FAULTS[code];
    return message === undefined || (cause && offset > cause.offset) ? [] : [{ offset, message }];
  });
  return cause ? [...own, cause] : own;
}

/** That of the first line; in one line a tab explains the others. */
function findFirst(strays: readonly YAMLError[], source: string): YAMLError | undefined {
  const placeOf = ({ pos: [offset] }: YAMLError): number => passLineEnd(source, offset);
  const [first, ...others] = strays;
  if (first === undefined) return undefined;
  const earliest = others.reduce((found, stray) => (placeOf(stray) < placeOf(found) ? stray : found), first);
  const start = startOfLine(source, placeOf(earliest));
  const end = source.indexOf('\n', placeOf(earliest));
  const isInLine = (place: number): boolean => place >= start && (end === -1 || place <= end);
  return strays.find((stray) => stray.code === 'TAB_AS_INDENT' && isInLine(placeOf(stray))) ?? earliest;
}

/** The quote or bracket before the error that nothing closes. */
function findOpened({ code, pos: [offset] }: YAMLError, document: Document, source: string): SyntaxFault | null {
  const line = startOfLine(source, offset);
  const quote = findStart(document, (node, start, end) => {
    const isQuoted = isScalar(node) && isQuote(source[start]);
    // A value may have several lines. But where something stands behind the last, a quote was to close an earlier one.
    return isQuoted && (code === 'MISSING_CHAR' ? end === offset : start < line && line < end && start <= offset);
  });
  if (quote !== null) return { offset: quote, message: QUOTE };
  const bracket = findStart(document, (node, start, end) => {
    return isFlow(node) && end <= offset && source[end - 1] !== CLOSING.get(source[start]);
  });
  if (bracket === null) return null;
  return {
    offset: bracket,
    message: `this bracket is not closed: its "${CLOSING.get(source[bracket])}" is missing, or not indented deeper than its key`,
  };
}

function findCause(
  { code, pos: [offset] }: YAMLError,
  errors: readonly YAMLError[],
  document: Document,
  source: string,
): SyntaxFault {
  const content = startOfContent(source, passLineEnd(source, offset));
  if (source[content] === '\t') return { offset: content, message: TAB };
  if (/^-[^\s-]/.test(source.slice(content, content + 2))) return { offset: content, message: DASH };
  if (code === 'BAD_INDENT' || offset < content) return { offset: content, message: COLUMN };
  const isWithin = findStart(document, (node, start, end) => isFlow(node) && start < offset && offset < end) !== null;
  if (code === 'MISSING_CHAR' && isWithin) return { offset, message: COMMA };
  const isItem = /^-\s/.test(source.slice(content, content + 2));
  if (offset === content && (isItem || code === 'UNEXPECTED_TOKEN')) return { offset, message: COLUMN };
  const key = errors.find((error) => error.code === 'MULTILINE_IMPLICIT_KEY' && error.pos[0] === offset);
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && key) {
    if (isQuote(source[offset])) return { offset, message: QUOTE };
    return { offset: startOfContent(source, key.pos[1] - 1), message: DEEPER };
  }
  return { offset, message: STRAYING[code] ?? 'this is not YAML' };
}

/** Where the last and innermost node begins that is such a one. */
function findStart(document: Document, matches: (node: Node, start: number, end: number) => boolean): number | null {
  let found: number | null = null;
  visit(document, {
    Node(_, node) {
      if (node.range && matches(node, node.range[0], node.range[1])) [found] = node.range;
    },
  });
  return found;
}

function isQuote(character: string | undefined): boolean {
  return character === '"' || character === "'";
}

function isFlow(node: Node): boolean {
  return isCollection(node) && node.flow === true;
}

/** What the library says of the end of a line is about the next. */
function passLineEnd(source: string, offset: number): number {
  if (source.startsWith('\r\n', offset)) return offset + 2;
  return source[offset] === '\n' ? offset + 1 : offset;
}

function startOfLine(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

function startOfContent(source: string, offset: number): number {
  const start = startOfLine(source, offset);
  return start + source.slice(start).search(/[^ ]|$/);
}
