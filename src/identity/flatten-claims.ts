import type { Claims } from '../engine/documents.ts';

const MAX_DEPTH = 8;
const MAX_CLAIMS = 512;
const MAX_NAME_LENGTH = 256;

type Scalar = string | number | boolean | null;

/**
 * Claims as lists under flat dotted names (DESIGN "Details"): `{"a": {"b": "v"}}` is `{"a.b": ["v"]}`. Objects and
 * lists inside a list have no name and are left out. Null where there are too many, or too deep ones, or where two
 * come to the same name: to drop some could hide the very claim that a deny asks for. Null too for a number that JSON.parse
 * made another one of (RFC 8259, section 6): nobody is to be taken for a neighbour. Half of a surrogate pair is U+FFFD.
 */
export function flattenClaims(payload: Readonly<Record<string, unknown>>): Claims | null {
  const flat = new Map<string, readonly Scalar[]>();
  // fromEntries defines properties, so that a claim called `__proto__` is one like any other.
  return flattenInto(flat, '', payload, 1) ? Object.fromEntries(flat) : null;
}

function flattenInto(flat: Map<string, readonly Scalar[]>, prefix: string, claims: object, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  return Object.entries(claims).every(([key, value]: [string, unknown]) => {
    const name = prefix + key.toWellFormed();
    if (name.length > MAX_NAME_LENGTH) return false;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return flattenInto(flat, `${name}.`, value, depth + 1);
    }
    if (flat.has(name) || flat.size === MAX_CLAIMS) return false;
    const scalars = [value].flat().filter(isScalar).map(makeWellFormed);
    flat.set(name, scalars);
    return scalars.every(isExact);
  });
}

function isExact(value: Scalar): boolean {
  return typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER;
}

function makeWellFormed(value: Scalar): Scalar {
  return typeof value === 'string' ? value.toWellFormed() : value;
}

function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value !== 'object';
}
