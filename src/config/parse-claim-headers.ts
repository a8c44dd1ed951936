import { FIXED_NAMES, FORWARDED_NAMES } from '../fixed-names.ts';
import { ASSERTION, ASSERTION_FOR, CLAIM_PREFIX, POMERIUM_AUTHORIZATION } from '../reserved-names.ts';
import { checkSpellings } from './check-spellings.ts';
import type { ClaimHeader, Located } from './config.ts';
import { describe } from './describe.ts';
import { type Context, type Kind, string } from './kinds.ts';
import { parseHeaderName, type WrittenName } from './parse-header-name.ts';

/** A claim header is taken from every request and answer, and set anew: not to be done to these. */
const OWN = new Set([
  ...FIXED_NAMES,
  ...FORWARDED_NAMES,
  ASSERTION,
  ASSERTION_FOR,
  POMERIUM_AUTHORIZATION,
  'authorization',
  'cookie',
  'set-cookie',
]);

/**
 * A map from headers to claims; or claims, as a list or as text with commas or spaces between them, each of which gets a
 * header `X-Pomerium-Claim-<NAME>`.
 */
export const claimHeaders: Kind<readonly ClaimHeader[]> = {
  type: 'a map from names of headers to claims, or a list of claims',
  shape: 'other',
  schema: {
    anyOf: [
      { type: 'object', additionalProperties: string.schema },
      { type: 'array', items: string.schema },
      { type: 'string' },
    ],
  },
  parse(value, context) {
    const pairs = pairsOf(value, context);
    const written = pairs?.flatMap(({ header, position, claim }) => {
      const name = parseHeaderName(header, position, context, (canonical) => OWN.has(canonical));
      const text = string.parse(claim, context);
      return name === undefined || text === undefined ? [] : [{ ...name, claim: text }];
    });
    if (written === undefined) return undefined;
    checkSpellings(written, context);
    return written.map(({ name, claim }) => ({ name, claim }));
  },
};

interface Pair {
  readonly header: string;
  readonly position: WrittenName['position'];
  readonly claim: Located;
}

function pairsOf(value: Located, context: Context): readonly Pair[] | undefined {
  if (value.kind === 'map') {
    return value.entries.map((entry) => ({ header: entry.key, position: entry.keyPosition, claim: entry.value }));
  }
  if (value.kind === 'list') return value.items.flatMap((claim) => named(claim, context));
  if (typeof value.value === 'string') {
    const names = value.value.split(/[\s,]+/).filter((name) => name !== '');
    return names.flatMap((name) => named({ ...value, value: name }, context));
  }
  const { subject, problems } = context;
  return problems.error(value.position, `${subject} must be ${claimHeaders.type}; found ${describe(value, true)}`);
}

function named(claim: Located, context: Context): readonly Pair[] {
  const name = string.parse(claim, context);
  return name === undefined ? [] : [{ header: `${CLAIM_PREFIX}${name}`, position: claim.position, claim }];
}
