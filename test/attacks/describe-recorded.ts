import { createLocalJWKSet, type JSONWebKeySet, type JWK, type JWTVerifyOptions, jwtVerify } from 'jose';
import { type Recorded, type Recorder, valuesOf } from '../support/start-recorder.ts';

/** What every request that the proxy forwards has; anything else, or anything of these that looks otherwise, is told. */
const USUAL: Readonly<Record<string, RegExp>> = {
  accept: /^application\/json$/,
  connection: /^(keep-alive|close)$/,
  'content-length': /^\d+$/,
  'transfer-encoding': /^chunked$/,
  'x-forwarded-for': /^127\.0\.0\.1$/,
  'x-forwarded-host': /^[a-z0-9.:]+$/,
  'x-forwarded-proto': /^http$/,
  'x-request-id': /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
};
const REQUIRED = ['host', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-request-id'];

const ASSERTION = 'x-pomerium-jwt-assertion';
const ASSERTION_FOR = 'x-pomerium-jwt-assertion-for';

/** What an upstream needs to judge a request: its route's host, the proxy's keys and others that it trusts, and the bytes that the client sent. */
export interface Witness {
  readonly host: string;
  readonly recorder: Recorder;
  readonly keys: JSONWebKeySet;
  readonly foreignKeys: readonly JWK[];
  readonly sent: string;
}

/**
 * All that an upstream learns from a request, in a line: `GET /path by api-access for alice [x-team: blue] "body"`. Who
 * calls and for whom is what it verifies itself; between brackets is every header that the proxy need not have sent, and
 * with a minus each one that is missing.
 */
export async function describeRecorded(recorded: Recorded, witness: Witness): Promise<string> {
  const { method, url, rawHeaders, rawTrailers, body, complete } = recorded;
  const callers = await Promise.all(valuesOf(recorded, ASSERTION).map((token) => nameCaller(token, witness)));
  const originals = await Promise.all(valuesOf(recorded, ASSERTION_FOR).map((token) => nameOriginal(token, witness)));
  return [
    `${method} ${url} by ${callers.join(' and ') || 'nobody'}`,
    ...(originals.length > 0 ? [`for ${originals.join(' and ')}`] : []),
    ...unusualHeaders(rawHeaders, new URL(witness.recorder.url).host).map((header) => `[${header}]`),
    ...(body.length > 0 ? [JSON.stringify(body.toString('latin1'))] : []),
    ...(rawTrailers.length > 0 ? [`trailers ${JSON.stringify(rawTrailers)}`] : []),
    ...(complete ? [] : ['(broken off)']),
  ].join(' ');
}

function unusualHeaders(raw: readonly string[], host: string): string[] {
  const missing = new Set(REQUIRED);
  const unusual: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index]?.toLowerCase() ?? '';
    const value = raw[index + 1] ?? '';
    const isKnown = name === 'host' ? value === host : (USUAL[name]?.test(value) ?? false);
    const isFirst = missing.delete(name) || !REQUIRED.includes(name);
    if ((!isKnown || !isFirst) && name !== ASSERTION && name !== ASSERTION_FOR) unusual.push(`${name}: ${value}`);
  }
  return [...unusual, ...[...missing].map((name) => `-${name}`)];
}

/** Fresh, of this route, and never a token that the client made up or replayed. */
function nameCaller(token: string, { host, keys, sent }: Witness): Promise<string> | string {
  return sent.includes(token) ? "(the client's own token)" : verify(token, keys, { issuer: host, audience: host });
}

async function nameOriginal(token: string, { keys, foreignKeys, sent }: Witness): Promise<string> {
  const name = await verify(token, { keys: [...keys.keys, ...foreignKeys] }, {});
  return sent.includes(token) ? name : `${name} (other bytes than were sent)`;
}

async function verify(token: string, keys: JSONWebKeySet, options: JWTVerifyOptions): Promise<string> {
  try {
    const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
      ...options,
      algorithms: ['ES256', 'RS256', 'EdDSA'],
    });
    return String(payload.sub);
  } catch (error) {
    return `(${error instanceof Error ? error.message : error})`;
  }
}
