import { dirname, resolve } from 'node:path';
import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import { boolean, type Context, list, oneOf, string, text } from '../config/kinds.ts';
import { parseYaml } from '../config/parse-yaml.ts';
import { collectProblems } from '../config/problems.ts';
import { readText } from '../config/read-text.ts';
import { ORIGINAL_USER_ERRORS } from '../engine/documents.ts';
import type { Position } from '../errors.ts';
import type { Imagined } from './imagine-request.ts';
import { readExpectation } from './parse-expectation.ts';
import { type People, parsePeople, readWho } from './parse-people.ts';
import { type Reader, readMap, readNamed } from './read-map.ts';
import type { TestCase } from './test-case.ts';

type Request = Pick<Imagined, 'method' | 'url' | 'headers' | 'ip' | 'clientCertificate'>;

/**
 * Reads a file of cases from its text; `file` is what positions name.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem
 */
export function parseCases(written: string, file: string): readonly TestCase[] {
  const problems = collectProblems();
  const tree = parseYaml(written, file, problems);
  const context = { subject: 'a file of cases', problems, folder: dirname(resolve(file)), read: readText };
  const top = tree && readMap(tree, { people: asIs, service_accounts: asIs, cases: asIs }, context, ['cases']);
  const people = parsePeople(top?.people?.value, top?.service_accounts?.value, context);
  const cases = top?.cases && readNamed(top.cases.value, readCase(people), { ...context, subject: '"cases"' });
  return problems.finish(cases && [...cases.values()]).result;
}

const asIs: Reader<Located> = (value) => value;

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;
const time = text('a time with its offset, such as 2026-01-31T09:00:00+01:00', (written, refuse) => {
  const date = new Date(written);
  return TIME.test(written) && !Number.isNaN(date.getTime()) ? date : refuse();
});

const readSkip: Reader<string> = (value, { problems, subject }) => {
  if (value.kind === 'scalar' && typeof value.value === 'string') return value.value;
  if (value.kind === 'scalar' && value.value === true) return '';
  return problems.error(value.position, `${subject} must be true, or say why; found ${describe(value)}`);
};

const readHeaders: Reader<Readonly<Record<string, string | readonly string[]>>> = (value, context) =>
  Object.fromEntries(
    readNamed<string | readonly string[]>(
      value,
      (each, inner) =>
        each.kind === 'list' ? list(text('a string', (one) => one)).parse(each, inner) : readValue(each, inner),
      context,
    ),
  );
const readValue = text('a string, or a list of strings', (written) => written).parse;

const CERTIFICATE = {
  valid: boolean.parse,
  fingerprint: string.parse,
  spki_hash: string.parse,
  san_dns: list(string).parse,
  san_email: list(string).parse,
  san_uri: list(string).parse,
};

const readCertificate: Reader<Imagined['clientCertificate']> = (value, context) => {
  const read = readMap(value, CERTIFICATE, context);
  return read && Object.fromEntries(Object.entries(read).map(([key, field]) => [key, field.value]));
};

const REQUEST = {
  method: string.parse,
  url: string.parse,
  headers: readHeaders,
  ip: string.parse,
  client_certificate: readCertificate,
};

/** `https://app.example.com/a`, `POST https://app.example.com/a`, or a map. */
const readRequest: Reader<Request> = (value, context) => {
  if (value.kind === 'scalar' && typeof value.value === 'string') {
    const [, method = 'GET', url = ''] = /^(?:(\S+) +)?(\S+)$/.exec(value.value) ?? [];
    return { method, url };
  }
  const read = readMap(value, REQUEST, context, ['url']);
  if (read?.url === undefined) return undefined;
  return {
    method: read.method?.value ?? 'GET',
    url: read.url.value,
    headers: read.headers?.value ?? {},
    ...(read.ip && { ip: read.ip.value }),
    clientCertificate: read.client_certificate?.value ?? null,
  };
};

function readCase(people: People) {
  const keys = {
    as: readWho(people),
    for: readWho(people),
    for_error: oneOf(ORIGINAL_USER_ERRORS).parse,
    request: readRequest,
    at: time.parse,
    expect: readExpectation,
    skip: readSkip,
  };
  return (value: Located, context: Context, name: string, position: Position): TestCase | undefined => {
    const read = readMap(value, keys, context, ['request', 'expect']);
    if (read?.request === undefined || read.expect === undefined) return undefined;
    const { request, as, for: original, for_error: forError, at } = read;
    return {
      name,
      position,
      imagined: {
        ...request.value,
        as: as?.value?.person ?? null,
        for: original?.value?.person ?? null,
        forError: forError?.value ?? null,
        ...(at && { at: at.value }),
      },
      request: [
        `${request.value.method} ${request.value.url}`,
        `as ${as?.value?.label ?? 'nobody'}`,
        ...(original?.value ? [`for ${original.value.label}`] : []),
      ].join(' '),
      expected: read.expect.value,
      skip: read.skip?.value ?? null,
    };
  };
}
