import { Ajv, type ErrorObject } from 'ajv';
import inputSchema from '../../policy/schema/input.json' with { type: 'json' };
import { BehalfError } from '../errors.ts';
import { isRecord } from '../is-record.ts';
import { normalizeAddress } from '../normalize-address.ts';
import type { InputDocument } from './documents.ts';

/** As much of JSON Schema as says what stands for a missing key. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
}

interface NamedRoute {
  readonly id: string;
  readonly name: string;
}

const DEFINITIONS: Readonly<Record<string, Schema>> = inputSchema.definitions;
const EMPTY: Readonly<Record<string, unknown>> = { string: '', array: [], object: {}, boolean: false };

const isInput = new Ajv({ allowUnionTypes: true, verbose: true }).compile<InputDocument>(inputSchema);

/**
 * The input document that a line of `behalf decide` means (DESIGN "`behalf decide` lines"): missing keys are filled in at
 * every level, a missing `time_ns` (nanoseconds since 1970) is now, and `route` may be a name or an id; a string that is
 * neither is kept as the id, which no policy knows. ERR_INPUT_INVALID, with the place, for what is no input document.
 */
export function parseInput(value: unknown, routes: readonly NamedRoute[]): InputDocument {
  const document = fill(isRecord(value) ? complete(value, routes) : value, inputSchema);
  if (!isInput(document)) throw invalid((isInput.errors ?? []).map(explain));
  const halves = findHalves(document, []);
  if (halves.length > 0) throw invalid(halves);
  return normalize(document);
}

function invalid([why]: readonly string[]): BehalfError {
  return new BehalfError('ERR_INPUT_INVALID', `not an input document: ${why}`);
}

/** The line with `route` looked up, if it is a string, and with the time. */
function complete({ route, ...line }: Record<string, unknown>, routes: readonly NamedRoute[]): Record<string, unknown> {
  const time_ns = Date.now() * 1_000_000;
  if (typeof route !== 'string') return { time_ns, ...line, route };
  const found = routes.find(({ name }) => name === route) ?? routes.find(({ id }) => id === route);
  return { time_ns, ...line, route: { id: found?.id ?? route, name: found?.name } };
}

function fill(given: unknown, { $ref, ...inline }: Schema): unknown {
  const schema = $ref === undefined ? inline : (DEFINITIONS[$ref.replace('#/definitions/', '')] ?? inline);
  const value = given === undefined ? emptyOf(schema) : given;
  if (!isRecord(value) || schema.properties === undefined) return value;
  const filled = Object.entries(schema.properties).map(([key, each]) => [key, fill(value[key], each)]);
  return { ...value, ...Object.fromEntries(filled) };
}

/** null where the schema allows it, the first of an enumeration, else what is empty or 0. */
function emptyOf({ type = [], enum: values }: Schema): unknown {
  const types = [type].flat();
  if (types.includes('null')) return null;
  return values === undefined ? (EMPTY[types.join()] ?? 0) : values[0];
}

/** A line may have IPv4 as a socket writes it, mapped into IPv6; no request of the proxy's has. */
function normalize(document: InputDocument): InputDocument {
  const { request } = document;
  return { ...document, request: { ...request, ip: normalizeAddress(request.ip) ?? request.ip } };
}

function explain({ instancePath, message, params: { additionalProperty, allowedValues }, data }: ErrorObject): string {
  const place = instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  const choice = allowedValues === undefined ? '' : ` ${JSON.stringify(allowedValues)}`;
  const culprit = String(additionalProperty ?? JSON.stringify(data)).slice(0, 80);
  return `${place || 'the whole'}: ${message}${choice}: ${culprit}`;
}

/** Where half a surrogate pair stands: that is no text, and nothing that OPA reads. */
function findHalves(value: unknown, path: readonly string[]): readonly string[] {
  if (typeof value === 'string') {
    const culprit = JSON.stringify(value).slice(0, 80);
    return value.isWellFormed() ? [] : [`${path.join('.')}: must be text, not half a surrogate pair: ${culprit}`];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => [
    ...findHalves(key, path),
    ...findHalves(each, [...path, key.toWellFormed()]),
  ]);
}
