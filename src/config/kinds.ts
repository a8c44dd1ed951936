import { resolve } from 'node:path';
import type { Located } from './config.ts';
import { describe } from './describe.ts';
import type { Problems } from './problems.ts';
import type { readText } from './read-text.ts';

/** JSON Schema, draft 7, for editors. */
export type Schema = Readonly<Record<string, unknown>>;

/** What a key takes. */
export interface Kind<T> {
  /** As messages and docs say it, as in "must be true or false". */
  readonly type: string;
  /** How it is written: all but `other` can also come from the environment. */
  readonly shape: 'text' | 'boolean' | 'number' | 'other';
  /** Takes whatever `parse` takes, and refuses as much of the rest as a schema can tell. */
  readonly schema: Schema;
  /** Undefined where the value is wrong, which `context.problems` then says. */
  readonly parse: (value: Located, context: Context) => T | undefined;
}

export interface Context {
  /** What messages call the value, as in `"timeout"`. */
  readonly subject: string;
  readonly problems: Problems;
  /** Where relative paths start. */
  readonly folder: string;
  readonly read: typeof readText;
}

/** Says why a text is wrong, in words that follow the subject; without words, that it is not of the key's type. */
export type Refuse = (why?: string) => undefined;

export type ParseText<T> = (text: string, refuse: Refuse) => T | undefined;

const MAX_SECRET_BYTES = 64 * 1024;
/** The certificate authorities of a whole system are a quarter of it. */
const MAX_PUBLIC_BYTES = 1024 * 1024;

/** A string that `parse` understands; `schema` is for what can be told of it beforehand. */
export function text<T>(type: string, parse: ParseText<T>, schema: Schema = {}): Kind<T> {
  return textKind(type, parse, false, schema);
}

/** A string that no message may quote: a secret, or a URL, which may hold one. */
export function privateText<T>(type: string, parse: ParseText<T>, schema: Schema = {}): Kind<T> {
  return textKind(type, parse, true, schema);
}

function textKind<T>(type: string, parse: ParseText<T>, secret: boolean, schema: Schema): Kind<T> {
  return {
    type,
    shape: 'text',
    schema: { type: 'string', ...schema },
    parse(value, { subject, problems }) {
      const refuse: Refuse = (why = `must be ${type}; found ${describe(value, secret)}`) =>
        problems.error(value.position, `${subject} ${why}`);
      return value.kind === 'scalar' && typeof value.value === 'string' ? parse(value.value, refuse) : refuse();
    },
  };
}

/** What YAML 1.1 took for a boolean. */
const OLD_BOOLEAN = /^(?:y|yes|n|no|on|off)$/i;

export const boolean: Kind<boolean> = {
  type: 'true or false',
  shape: 'boolean',
  schema: { type: 'boolean' },
  parse(value, { subject, problems }) {
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    const isWord = value.kind === 'scalar' && typeof value.value === 'string' && OLD_BOOLEAN.test(value.value);
    const hint = isWord ? ', which YAML 1.2 takes as text' : '';
    return problems.error(value.position, `${subject} must be true or false; found ${describe(value)}${hint}`);
  },
};

const notEmpty: ParseText<string> = (written, refuse) => written || refuse();

const NOT_EMPTY: Schema = { minLength: 1 };

export const string: Kind<string> = text('a string that is not empty', notEmpty, NOT_EMPTY);

export const secret: Kind<string> = privateText('a string that is not empty', notEmpty, NOT_EMPTY);

/** A whole number that `accept` gives back; `schema` says which. */
export function integer<N extends number>(
  type: string,
  accept: (value: number) => N | undefined,
  schema: Schema,
): Kind<N> {
  return {
    type,
    shape: 'number',
    schema: { type: 'integer', ...schema },
    parse(value, { subject, problems }) {
      const number = value.kind === 'scalar' && Number.isSafeInteger(value.value) ? Number(value.value) : Number.NaN;
      return accept(number) ?? problems.error(value.position, `${subject} must be ${type}; found ${describe(value)}`);
    },
  };
}

/** A whole number within bounds. */
export function numberBetween(least: number, most: number): Kind<number> {
  const accept = (value: number) => (least <= value && value <= most ? value : undefined);
  return integer(`a number from ${least} to ${most}`, accept, { minimum: least, maximum: most });
}

/** One of `names`, in any case; `refused` has other names of Pomerium's, and why they are none here. `hint` ends the type. */
export function oneOf<const N extends string>(
  names: readonly N[],
  refused: ReadonlyMap<string, string> = new Map(),
  hint = '',
): Kind<N> {
  return text(
    names.map((name) => `"${name}"`).join(' or ') + hint,
    (written, refuse) => {
      const name = written.toLowerCase();
      const why = refused.get(name);
      if (why !== undefined) return refuse(`does not take "${name}": ${why}`);
      return names.find((candidate) => candidate === name) ?? refuse();
    },
    anyCase(names),
  );
}

/** Editors offer the names; JSON Schema's patterns have no flag for other cases. */
export function anyCase(names: readonly string[]): Schema {
  const spellings = names.map((name) =>
    name.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`),
  );
  return { anyOf: [{ enum: names }, { pattern: `^(?:${spellings.join('|')})$` }] };
}

/** A list, whose values are of one kind. */
export function list<T>(kind: Kind<T>): Kind<readonly T[]> {
  const type = `a list, each value ${kind.type}`;
  return {
    type,
    shape: 'other',
    schema: { type: 'array', items: kind.schema },
    parse(value, context) {
      if (value.kind === 'list') {
        const items = value.items.flatMap((item) => kind.parse(item, context) ?? []);
        return items.length === value.items.length ? items : undefined;
      }
      return context.problems.error(value.position, `${context.subject} must be ${type}; found ${describe(value)}`);
    },
  };
}

/** A list that is not empty. */
export function someOf<T>(kind: Kind<T>): Kind<readonly [T, ...T[]]> {
  const items = list(kind);
  return {
    ...items,
    schema: { ...items.schema, minItems: 1 },
    parse(value, context) {
      const [first, ...others] = items.parse(value, context) ?? [];
      if (first !== undefined) return [first, ...others];
      const isEmpty = value.kind === 'list' && value.items.length === 0;
      return isEmpty ? context.problems.error(value.position, `${context.subject} must not be empty`) : undefined;
    },
  };
}

/** Any value, with its place, for what is read later; the schema of what is read then is called `definition`. */
export function structure(type: string, definition: string): Kind<Located> {
  return { type, shape: 'other', schema: { $ref: `#/definitions/${definition}` }, parse: (value) => value };
}

/** The same value with its place kept, for what is judged later or needs its position. */
export function located(kind: Kind<unknown>): Kind<Located> {
  return {
    ...kind,
    parse: (value, context) => (kind.parse(value, context) === undefined ? undefined : value),
  };
}

const filePath: Kind<string> = privateText('the path of a file', notEmpty, NOT_EMPTY);

/** The path of a file that holds a secret of another kind; white space at its end does not count. */
export function fileOf<T>(kind: Kind<T>): Kind<T> {
  return file(kind, MAX_SECRET_BYTES, 'isShared', 'read or write');
}

/** The same for what everybody may read. */
export function publicFileOf<T>(kind: Kind<T>): Kind<T> {
  return file(kind, MAX_PUBLIC_BYTES, 'isWritable', 'write');
}

function file<T>(kind: Kind<T>, maxBytes: number, danger: 'isShared' | 'isWritable', deed: string): Kind<T> {
  return {
    type: `the path of a file that holds ${kind.type}`,
    shape: 'text',
    schema: filePath.schema,
    parse(value, context) {
      const { subject, problems, folder, read } = context;
      const path = filePath.parse(value, context);
      if (path === undefined) return undefined;
      const reading = read(resolve(folder, path), maxBytes);
      // Without the path: whoever takes the key for its twin without _file writes the secret itself there.
      if ('failure' in reading) return problems.error(value.position, `${subject} cannot be read: ${reading.failure}`);
      if (reading[danger]) problems.warning(value.position, `${subject} names a file that other users may ${deed}`);
      const written = reading.text.trimEnd();
      if (written === '') return problems.error(value.position, `the file of ${subject} is empty`);
      const content: Located = { kind: 'scalar', value: written, position: value.position };
      return kind.parse(content, { ...context, subject: `the file of ${subject}` });
    },
  };
}
