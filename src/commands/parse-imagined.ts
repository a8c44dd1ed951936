import type { Person } from '../cases/imagine-people.ts';
import type { Imagined } from '../cases/imagine-request.ts';
import { ORIGINAL_USER_ERRORS, type OriginalUserError } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';

/** What a command line says of a request: `behalf explain`'s options, by their names. */
export interface ImaginedOptions {
  readonly as?: string | undefined;
  readonly 'as-service-account'?: string | undefined;
  readonly for?: string | undefined;
  readonly 'for-service-account'?: string | undefined;
  readonly 'for-error'?: string | undefined;
  readonly id?: string | undefined;
  readonly group?: readonly string[] | undefined;
  readonly claim?: readonly string[] | undefined;
  readonly header?: readonly string[] | undefined;
  readonly ip?: string | undefined;
  readonly at?: string | undefined;
}

/**
 * The request that a command line tells of.
 *
 * @param words `[METHOD] URL`
 * @throws BehalfError ERR_USAGE
 */
export function parseImagined(words: readonly string[], options: ImaginedOptions): Imagined {
  const [url, method] = words.toReversed();
  if (url === undefined)
    throw usage('a URL is missing, as in: behalf explain https://app.example.com/ --as ada@example.com');
  const { header = [], ip, at, id, group, claim = [] } = options;
  const caller = parsePerson(options.as, options['as-service-account'], 'as');
  const original = parsePerson(options.for, options['for-service-account'], 'for');
  const forError = parseError(options['for-error']);
  const details = {
    ...(id !== undefined && { id }),
    ...(group !== undefined && { groups: group }),
    ...(claim.length > 0 && { claims: parseClaims(claim) }),
  };
  const person = [caller, original].find((each) => each?.type === 'user');
  if (person === undefined && Object.keys(details).length > 0) {
    throw usage('--id, --group and --claim tell of a person: name one with --as or --for');
  }
  const describe = (each: Person | null) => (each !== null && each === person ? { ...each, ...details } : each);
  return {
    url,
    ...(method !== undefined && { method }),
    headers: parseHeaders(header),
    ...(ip !== undefined && { ip }),
    as: describe(caller),
    for: describe(original),
    forError,
    ...(at !== undefined && { at: parseTime(at) }),
  };
}

function parsePerson(person: string | undefined, account: string | undefined, option: string): Person | null {
  if (person !== undefined && account !== undefined) {
    throw usage(`--${option} and --${option}-service-account exclude one another`);
  }
  if (account !== undefined) return { type: 'service_account', id: account };
  if (person === undefined) return null;
  return { type: 'user', ...(person.includes('@') ? { email: person } : { id: person }) };
}

function parseError(text: string | undefined): OriginalUserError | null {
  if (text === undefined) return null;
  const known = ORIGINAL_USER_ERRORS.find((error) => error === text);
  if (known !== undefined) return known;
  throw usage(`--for-error takes ${ORIGINAL_USER_ERRORS.join(', ')}, not ${JSON.stringify(text)}`);
}

/** `NAME=TEXT`, or `NAME:=JSON` for what is no text; a name that is there twice has both values. */
function parseClaims(claims: readonly string[]): Record<string, unknown> {
  const lists = new Map<string, unknown[]>();
  for (const claim of claims) {
    const [, name, colon, text] = /^(.+?)(:?)=(.*)$/s.exec(claim) ?? [];
    if (name === undefined || text === undefined) {
      throw usage(`--claim takes NAME=TEXT or NAME:=JSON, not ${JSON.stringify(claim)}`);
    }
    lists.set(name, [...(lists.get(name) ?? []), colon === ':' ? parseJson(claim, text) : text]);
  }
  return Object.fromEntries([...lists].map(([name, values]) => [name, values.length === 1 ? values[0] : values]));
}

function parseJson(claim: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BehalfError('ERR_USAGE', `--claim ${JSON.stringify(claim)} has no JSON behind ":="`, { cause });
  }
}

function parseHeaders(headers: readonly string[]): Record<string, string[]> {
  const lists: Record<string, string[]> = Object.create(null);
  for (const header of headers) {
    const at = header.indexOf(':');
    if (at < 1) throw usage(`--header takes 'NAME: VALUE', not ${JSON.stringify(header)}`);
    const name = header.slice(0, at);
    lists[name] = [...(lists[name] ?? []), header.slice(at + 1).trim()];
  }
  return lists;
}

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || !/(?:Z|[+-]\d\d:\d\d)$/.test(text)) {
    throw usage(
      `--at takes a time with its offset, such as 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00, not ${JSON.stringify(text)}`,
    );
  }
  return time;
}

function usage(message: string): BehalfError {
  return new BehalfError('ERR_USAGE', message);
}
