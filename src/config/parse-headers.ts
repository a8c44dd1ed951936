import { FIXED_NAMES } from '../fixed-names.ts';
import { HEADER_VALUE } from '../header-syntax.ts';
import { isReservedName } from '../reserved-names.ts';
import { checkSpellings } from './check-spellings.ts';
import type { HeaderPart, HeaderSetting, Located } from './config.ts';
import { describe } from './describe.ts';
import { type Kind, list, type ParseText, privateText, type Schema } from './kinds.ts';
import { parseHeaderName, type WrittenName } from './parse-header-name.ts';
import { parseHeaderParts } from './parse-header-parts.ts';

export type WrittenHeader = WrittenName & HeaderSetting;

/** In `set_response_headers` this name stands for no headers at all, whatever its value. */
export const DISABLE = 'disable';

/** As `asText` takes them. */
const PLAIN: Schema = { type: ['string', 'integer'] };

/** Headers for upstreams, whose values are templates. */
export const requestHeaders: Kind<readonly WrittenHeader[]> = headers(parseHeaderParts);

/** Headers for clients, whose values are literal. */
export const responseHeaders: Kind<readonly WrittenHeader[]> = headers((text) => [{ kind: 'text', text }]);

/** One header, by its name. */
export const headerName: Kind<WrittenName> = {
  type: 'the name of a header',
  shape: 'text',
  schema: { type: 'string', minLength: 1 },
  parse(value, context) {
    const { subject, problems } = context;
    if (value.kind === 'scalar' && typeof value.value === 'string') {
      return parseHeaderName(value.value, value.position, context, isOwn);
    }
    return problems.error(value.position, `${subject} must be ${headerName.type}; found ${describe(value)}`);
  },
};

export const headerNames: Kind<readonly WrittenName[]> = list(headerName);

const literal: ParseText<string> = (text, refuse) =>
  HEADER_VALUE.test(text) ? text : refuse('cannot be sent: no control characters, and nothing beyond U+00FF');

/** A part of a header's value. */
export const headerText: Kind<string> = privateText('text', literal);

/** The beginning of a header's value, which says something. */
export const headerPrefix: Kind<string> = privateText(
  'text that is not empty',
  (text, refuse) => (text === '' ? refuse() : literal(text, refuse)),
  { minLength: 1 },
);

function headers(parse: ParseText<readonly HeaderPart[]>): Kind<readonly WrittenHeader[]> {
  const type = 'a map from names of headers to values';
  // Private: it is often a credential for the upstream.
  const value = privateText('text, in quotes where YAML takes it for something else', (text, refuse) =>
    literal(text, refuse) === undefined ? undefined : parse(text, refuse),
  );
  return {
    type,
    shape: 'other',
    schema: {
      type: 'object',
      properties: { [DISABLE]: { anyOf: [PLAIN, { const: true }] } },
      additionalProperties: PLAIN,
    },
    parse(map, context) {
      const { subject, problems } = context;
      if (map.kind !== 'map') {
        return problems.error(map.position, `${subject} must be ${type}; found ${describe(map, true)}`);
      }
      const written = map.entries.flatMap((entry) => {
        const key = parseHeaderName(entry.key, entry.keyPosition, context, isOwn);
        const parts = value.parse(asText(entry.value, entry.key), { ...context, subject: `a value of ${subject}` });
        return key === undefined || parts === undefined ? [] : [{ ...key, parts }];
      });
      checkSpellings(written, context);
      return written.length === map.entries.length ? written : undefined;
    },
  };
}

function isOwn(canonical: string): boolean {
  return FIXED_NAMES.has(canonical) || isReservedName(canonical);
}

/** What Pomerium takes as text too: whole numbers, as in `X-XSS-Protection: 0`, and `disable: true`. */
function asText(value: Located, key: string): Located {
  if (value.kind !== 'scalar') return value;
  const isPlain = Number.isSafeInteger(value.value) || (key === DISABLE && value.value === true);
  return isPlain ? { ...value, value: String(value.value) } : value;
}
