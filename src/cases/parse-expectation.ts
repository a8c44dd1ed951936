import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import { boolean, type Context, integer, list, string } from '../config/kinds.ts';
import { plainValue } from '../config/plain-value.ts';
import { quote } from '../config/quote.ts';
import { HEADER_NAME } from '../header-syntax.ts';
import { type Reader, readMap, readNamed } from './read-map.ts';
import type { Expectation, Expected, ExpectedHeader, ExpectedHeaders } from './test-case.ts';

const REASON = /^[a-z0-9-]{1,64}$/;

const status = integer(
  'a status such as 200, 401, 403 or 404',
  (code) => (code >= 200 && code <= 599 ? code : undefined),
  { minimum: 200, maximum: 599 },
);

const readReasons: Reader<readonly string[]> = (value, context) => {
  const reasons = list(string).parse(value, context);
  const wrong = reasons?.find((reason) => !REASON.test(reason));
  return wrong === undefined
    ? reasons
    : context.problems.error(value.position, `${quote(wrong)} can be no reason: those are like "domain-unauthorized"`);
};

const readHeaders: Reader<ExpectedHeaders> = (value, context) =>
  Object.fromEntries(readNamed<Expected<ExpectedHeader>>(value, readHeader, context));

function readHeader(
  value: Located,
  { problems, subject }: Context,
  name: string,
  position: Expected<unknown>['position'],
): Expected<ExpectedHeader> | undefined {
  if (!HEADER_NAME.test(name)) return problems.error(position, `${subject} is no header's name`);
  const plain = plainValue(value);
  if (plain === null || typeof plain === 'string') return { value: plain, position };
  if (value.kind === 'map') return { value: plain as Readonly<Record<string, unknown>>, position };
  return problems.error(
    value.position,
    `${subject} must be text, the claims of an assertion, or null for no such header; found ${describe(value)}`,
  );
}

const EXPECTATION = {
  allow: boolean.parse,
  status: status.parse,
  route: string.parse,
  reasons: readReasons,
  request_headers: readHeaders,
  response_headers: readHeaders,
};

/** What a case expects: `allow`, `deny`, or a map that says more. */
export const readExpectation: Reader<Expectation> = (value, context) => {
  if (value.kind === 'scalar' && (value.value === 'allow' || value.value === 'deny')) {
    return { allow: { value: value.value === 'allow', position: value.position } };
  }
  if (value.kind === 'map' && value.entries.length > 0) return readMap(value, EXPECTATION, context);
  return context.problems.error(
    value.position,
    `"expect" must be "allow", "deny", or a map with one or more of ${Object.keys(EXPECTATION).join(', ')}`,
  );
};
