import { resolve } from 'node:path';
import type { Located } from './config.ts';
import { describe } from './describe.ts';
import type { Problems } from './problems.ts';
import type { Reading } from './read-text.ts';

/** What a key takes. */
export interface Kind<T> {
  /** As messages and docs say it, as in "must be true or false". */
  readonly type: string;
  /** Undefined where the value is wrong, which `context.problems` then says. */
  readonly parse: (value: Located, context: Context) => T | undefined;
}

export interface Context {
  /** What messages call the value, as in `"timeout"`. */
  readonly subject: string;
  readonly problems: Problems;
  /** Where relative paths start. */
  readonly folder: string;
  readonly read: (path: string, maxBytes: number) => Reading;
}

/** Says why a text is wrong, in words that follow the subject; without words, that it is not of the key's type. */
export type Refuse = (why?: string) => undefined;

export type ParseText<T> = (text: string, refuse: Refuse) => T | undefined;

const MAX_SECRET_BYTES = 64 * 1024;

/** A string that `parse` understands. */
export function text<T>(type: string, parse: ParseText<T>): Kind<T> {
  return textKind(type, parse, false);
}

/** A string that no message may quote: a secret, or a URL, which may hold one. */
export function privateText<T>(type: string, parse: ParseText<T>): Kind<T> {
  return textKind(type, parse, true);
}

function textKind<T>(type: string, parse: ParseText<T>, secret: boolean): Kind<T> {
  return {
    type,
    parse(value, { subject, problems }) {
      const refuse: Refuse = (why = `must be ${type}; found ${describe(value, secret)}`) =>
        problems.error(value.position, `${subject} ${why}`);
      return value.kind === 'scalar' && typeof value.value === 'string' ? parse(value.value, refuse) : refuse();
    },
  };
}

export const boolean: Kind<boolean> = {
  type: 'true or false',
  parse(value, { subject, problems }) {
    if (value.kind === 'scalar' && typeof value.value === 'boolean') return value.value;
    const hint = value.kind === 'scalar' && typeof value.value === 'string' ? ', which YAML 1.2 takes as text' : '';
    return problems.error(value.position, `${subject} must be true or false; found ${describe(value)}${hint}`);
  },
};

const notEmpty: ParseText<string> = (written, refuse) => written || refuse();

export const string: Kind<string> = text('a string that is not empty', notEmpty);

export const secret: Kind<string> = privateText('a string that is not empty', notEmpty);

/** One of `names`, in any case; `later` are Pomerium's other names. */
export function oneOf<const N extends string>(names: readonly N[], later: readonly string[]): Kind<N> {
  return text(names.map((name) => `"${name}"`).join(' or '), (written, refuse) => {
    const name = written.toLowerCase();
    if (later.includes(name)) return refuse(`does not take "${name}" yet; it takes ${names.join(' or ')}`);
    return names.find((candidate) => candidate === name) ?? refuse();
  });
}

/** A list, whose values are of one kind. */
export function list<T>(kind: Kind<T>): Kind<readonly T[]> {
  const type = `a list, each value ${kind.type}`;
  return {
    type,
    parse(value, context) {
      if (value.kind === 'list') {
        const items = value.items.flatMap((item) => kind.parse(item, context) ?? []);
        return items.length === value.items.length ? items : undefined;
      }
      return context.problems.error(value.position, `${context.subject} must be ${type}; found ${describe(value)}`);
    },
  };
}

/** The same value with its place kept, for what is judged later or needs its position. */
export function located(kind: Kind<unknown>): Kind<Located> {
  return {
    type: kind.type,
    parse: (value, context) => (kind.parse(value, context) === undefined ? undefined : value),
  };
}

const filePath: Kind<string> = privateText('the path of a file', notEmpty);

/** The path of a file that holds a value of another kind; white space at its end does not count. */
export function fileOf<T>(kind: Kind<T>): Kind<T> {
  return {
    type: `the path of a file that holds ${kind.type}`,
    parse(value, context) {
      const { subject, problems, folder, read } = context;
      const path = filePath.parse(value, context);
      if (path === undefined) return undefined;
      const reading = read(resolve(folder, path), MAX_SECRET_BYTES);
      // Without the path: whoever takes the key for its twin without _file writes the secret itself there.
      if ('failure' in reading) return problems.error(value.position, `${subject} cannot be read: ${reading.failure}`);
      if (reading.isShared)
        problems.warning(value.position, `${subject} names a file that other users may read or write`);
      const content: Located = { kind: 'scalar', value: reading.text.trimEnd(), position: value.position };
      return kind.parse(content, { ...context, subject: `the file of ${subject}` });
    },
  };
}
