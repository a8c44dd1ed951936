import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import { type Context, list, string } from '../config/kinds.ts';
import { nearest } from '../config/nearest.ts';
import { plainValue } from '../config/plain-value.ts';
import { quote } from '../config/quote.ts';
import type { Person } from './imagine-people.ts';
import { type Reader, readMap, readNamed } from './read-map.ts';

export interface Somebody {
  readonly person: Person;
  /** As results call them. */
  readonly label: string;
}

export type People = ReadonlyMap<string, Somebody>;

const readClaims: Reader<Readonly<Record<string, unknown>>> = (value, { subject, problems }) =>
  value.kind === 'map'
    ? Object.fromEntries(value.entries.map((entry) => [entry.key, plainValue(entry.value)]))
    : problems.error(value.position, `${subject} must be a map of claims; found ${describe(value)}`);

const PERSON = {
  id: string.parse,
  email: string.parse,
  name: string.parse,
  groups: list(string).parse,
  claims: readClaims,
  issuer: string.parse,
};

const SERVICE_ACCOUNT = { service_account: string.parse, issuer: string.parse };

/** The people and service accounts of a file, by the names by which its cases know them. */
export function parsePeople(people: Located | undefined, accounts: Located | undefined, context: Context): People {
  const known = new Map<string, Somebody>();
  if (people !== undefined) {
    const read = readNamed(people, readSomebody, { ...context, subject: '"people"' });
    for (const [name, { person }] of read) known.set(name, { person, label: name });
  }
  if (accounts?.kind === 'list') {
    for (const item of accounts.items) {
      const id = string.parse(item, { ...context, subject: 'a value of "service_accounts"' });
      if (id === undefined) continue;
      if (known.has(id)) context.problems.error(item.position, `${quote(id)} is there already: a name is one caller's`);
      known.set(id, { person: { type: 'service_account', id }, label: id });
    }
  } else if (accounts !== undefined) {
    context.problems.error(accounts.position, `"service_accounts" must be a list of ids; found ${describe(accounts)}`);
  }
  return known;
}

/** Somebody by name, or as a map; nothing is nobody. */
export function readWho(people: People): Reader<Somebody | null> {
  return (value, context) => {
    if (value.kind === 'map') return readSomebody(value, context);
    if (value.kind === 'scalar' && value.value === null) return null;
    const name = string.parse(value, context);
    if (name === undefined) return undefined;
    const known = people.get(name);
    if (known !== undefined) return known;
    const near = nearest(name, [...people.keys()]);
    const hint =
      near === null ? 'write them there, or a map such as {email: a@example.com}' : `did you mean "${near}"?`;
    return context.problems.error(
      value.position,
      `${context.subject} names ${quote(name)}, whom "people" and "service_accounts" do not have: ${hint}`,
    );
  };
}

function readSomebody(value: Located, context: Context): Somebody | undefined {
  if (value.kind === 'map' && value.entries.some(({ key }) => key === 'service_account')) {
    const { service_account: id, issuer } = readMap(value, SERVICE_ACCOUNT, context) ?? {};
    if (id === undefined) return undefined;
    return { person: { type: 'service_account', id: id.value, ...unwrap({ issuer }) }, label: id.value };
  }
  const read = readMap(value, PERSON, context);
  if (read === undefined) return undefined;
  const label = read.email?.value ?? read.id?.value;
  if (label === undefined) {
    return context.problems.error(value.position, `${context.subject} must have an "id" or an "email"`);
  }
  return { person: unwrap(read), label };
}

/** The values alone, of those that are there. */
function unwrap<T extends Readonly<Record<string, { readonly value: unknown } | undefined>>>(read: T) {
  const there = Object.entries(read).flatMap(([key, field]) => (field === undefined ? [] : [[key, field.value]]));
  return Object.fromEntries(there) as {
    [K in keyof T]?: Exclude<T[K], undefined> extends { value: infer V } ? V : never;
  };
}
