import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/compile/compile-policy.ts';
import { listReads } from '../../src/compile/list-reads.ts';
import { readLibrary } from '../../src/compile/read-library.ts';
import type { Config, Criterion, Route } from '../../src/config/config.ts';
import type { Caller, InputDocument } from '../../src/engine/documents.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { facts, policy } from './arbitraries.ts';
import { configOf, locate, NOWHERE } from './config-of.ts';
import { inputOf } from './input-of.ts';

const CLAIM_HEADERS = [
  { name: 'x-role', claim: 'role' },
  { name: 'x-prototype', claim: '__proto__' },
];

const TEMPLATES: Route['setRequestHeaders'] = [
  { name: 'x-accept', parts: [{ kind: 'jwt' }, { kind: 'request_header', name: 'accept' }] },
  { name: 'x-certificate', parts: [{ kind: 'client_certificate', fact: 'fingerprint' }] },
  { name: 'x-token', parts: [{ kind: 'token', token: 'id_token' }] },
];

const criterion = (key: string, data: unknown = 'x'): Criterion => {
  const [name = '', ...rest] = key.split('/');
  return { name, subpath: rest.length === 0 ? null : rest.join('/'), data: locate(data), position: NOWHERE };
};

describe('what a policy reads', () => {
  const cases: Record<string, { criteria: Criterion[]; reads: object }> = {
    'nothing but who calls': {
      criteria: [criterion('email'), criterion('groups'), criterion('original_user/domain'), criterion('accept')],
      reads: { request: ['host'], headers: [], claims: ['role', '__proto__'] },
    },
    'a claim, by its whole name': {
      criteria: [criterion('claim/example.com/key'), criterion('claim/role')],
      reads: { request: ['host'], headers: [], claims: ['role', '__proto__', 'example.com/key'] },
    },
    'method and path': {
      criteria: [criterion('http_path'), criterion('http_method')],
      reads: { request: ['host', 'path', 'method'], headers: [], claims: ['role', '__proto__'] },
    },
    'an address': {
      criteria: [criterion('source_ip', '10.0.0.0/8'), criterion('caller_type')],
      reads: { request: ['host', 'ip'], headers: [], claims: ['role', '__proto__'] },
    },
    "an original user's claim": {
      criteria: [criterion('original_user/claim/level'), criterion('original_user/issuer'), criterion('original_user')],
      reads: { request: ['host'], headers: [], claims: ['role', '__proto__', 'level'] },
    },
    'a certificate': {
      criteria: [criterion('invalid_client_certificate'), criterion('client_certificate', { san_dns: 'a' })],
      reads: { request: ['host', 'client_certificate'], headers: [], claims: ['role', '__proto__'] },
    },
    'headers of a preflight': {
      criteria: [criterion('cors_preflight')],
      reads: {
        request: ['host', 'method'],
        headers: ['origin', 'access-control-request-method'],
        claims: ['role', '__proto__'],
      },
    },
  };
  test.for(Object.entries(cases))('%s', ([, { criteria, reads }]) => {
    const rules = [
      {
        action: 'deny' as const,
        blocks: [{ operator: 'nor' as const, criteria, position: NOWHERE }],
        position: NOWHERE,
      },
    ];
    const config = {
      ...configOf({ r0: { rules, rego: [] }, r1: { rules: [], rego: [] } }),
      claimHeaders: CLAIM_HEADERS,
    };
    expect(listReads(config)).toEqual({
      r0: reads,
      r1: { request: ['host'], headers: [], claims: ['role', '__proto__'] },
    });
  });
});

describe('a policy that reads the time is listed nowhere', () => {
  test.for(
    Object.entries({
      date: { after: '2020-01-01' },
      day_of_week: 'mon',
      time_of_day: { timezone: 'UTC', after: '17:00' },
    }),
  )('%s', ([key, data]) => {
    const blocks = [
      { operator: 'or' as const, criteria: [criterion('email'), criterion(key, data)], position: NOWHERE },
    ];
    const rules = [{ action: 'deny' as const, blocks, position: NOWHERE }];
    expect(Object.keys(listReads(configOf({ r0: { rules, rego: [] }, r1: { rules: [], rego: [] } })))).toEqual(['r1']);
  });
});

test('what the headers of a route read', () => {
  const { routes, ...rest } = configOf({ r0: { rules: [], rego: [] }, r1: { rules: [], rego: [] } });
  const templates = routes.map((route) => (route.id === 'r0' ? { ...route, setRequestHeaders: TEMPLATES } : route));
  expect(listReads({ ...rest, routes: templates })).toEqual({
    r0: { request: ['host', 'client_certificate'], headers: ['accept'], claims: [] },
    r1: { request: ['host'], headers: [], claims: [] },
  });
});

// Who adds a rule that reads more has to say so in src/compile/criteria.ts or list-reads.ts: nothing else would pass it on.
test('the library reads of the request, claims and time what is listed, and nothing by another way', () => {
  const rego = Object.values(readLibrary().modules)
    .join('\n')
    .replaceAll(/^\s*#.*$/gm, '');
  const references = rego.match(/input\b(?:\.\w+|\["[^"]*"\])*/g) ?? [];
  const depends = references.filter((it) => !/^input\.(route\.id|caller|original_user|original_user_error)\b/.test(it));
  expect(new Set(depends)).toEqual(
    new Set([
      'input.request.host',
      'input.request.method',
      'input.request.path',
      'input.request.headers.origin',
      'input.request.headers["access-control-request-method"]',
      'input.request.client_certificate',
      'input.request.client_certificate.valid',
      'input.request.ip',
      'input.time_ns',
      // By the names of templates, which list-header-reads.ts lists.
      'input.request.headers',
      'input.request.client_certificate.fingerprint',
      'input.request.client_certificate.san_dns',
      'input.request.client_certificate.san_email',
      'input.request.client_certificate.fingerprint',
      'input.request.client_certificate.san_dns',
      'input.request.client_certificate.san_email',
      'input.request.headers',
    ]),
  );
  const claims = rego.match(/\b(?:input\.\w+|_?caller|_?person)\.claims\S*/g) ?? [];
  expect(new Set(claims)).toEqual(new Set(['person.claims,', 'input.caller.claims[claim];']));
  expect(rego).not.toMatch(/input\.(caller|original_user)\s*[[{]|identity\.original_user\.claims|time\.now_ns/);
});

type Noise = Pick<InputDocument['request'], 'path' | 'query' | 'ip' | 'headers'> &
  Pick<Caller, 'claims'> &
  Pick<InputDocument, 'time_ns'>;

/** With all that policies of `arbitraries.ts` ask for. */
const PATHS = ['', 'a', 'b', 'a@x.com', '@x.com', 'é\u0000"}', 'GET', '/a', '5'];

const noise: fc.Arbitrary<Noise> = fc.record({
  path: fc.constantFrom(...PATHS),
  query: fc.string(),
  ip: fc.constantFrom('192.0.2.1', '::1'),
  headers: fc.dictionary(
    fc.constantFrom('origin', 'access-control-request-method', 'accept', '__proto__'),
    fc.array(fc.constantFrom('', 'a')),
  ),
  claims: fc.dictionary(
    fc.constantFrom('role', 'a.b', 'example.com/key', '"]) # \n}', 'level', '__proto__', 'constructor'),
    fc.array(fc.constantFrom<string | number | null>('a', 'b', 5, null), { maxLength: 2 }),
  ),
  time_ns: fc.nat(),
});

const seed = Date.now();
test(`a decision is the same with all that was left out and remembered (seed ${seed})`, async () => {
  const policies = fc.sample(policy, { numRuns: 100, seed });
  const { routes, ...rest } = configOf(Object.fromEntries(policies.map((each, at) => [`r${at}`, each])));
  const config: Config = {
    ...rest,
    claimHeaders: CLAIM_HEADERS,
    routes: routes.map((route, at) => ({
      ...route,
      passIdentityHeaders: at % 2 === 0,
      issuerFormat: at % 3 === 0 ? 'uri' : 'host_only',
      setRequestHeaders: at % 4 < 2 ? [] : TEMPLATES,
    })),
  };
  await using compiler = startCompiler();
  const { wasm, data, reads } = await compilePolicy(config, compiler);
  const careful = await loadEngine({ wasm, data });
  const engine = await loadEngine({ wasm, data, reads });

  const id = fc.constantFrom('unknown', ...routes.map((route) => route.id));
  const property = fc.property(id, facts, noise, noise, (id, facts, noise, other) => {
    const input = addNoise(inputOf(id, facts), noise);
    // What was remembered of the one would be wrong for the next, if anything that counts differs.
    const { request } = input;
    const inputs = [
      input,
      addNoise(input, other),
      ...PATHS.map((path) => ({ ...input, request: { ...request, path } })),
      { ...input, request: { ...request, method: request.method === 'GET' ? 'OPTIONS' : 'GET' } },
      { ...input, request: { ...request, host: 'other.example.com' } },
      { ...input, request: { ...request, headers: other.headers } },
      { ...input, caller: input.caller && { ...input.caller, claims: other.claims } },
      { ...input, request: { ...request, client_certificate: null } },
      { ...input, original_user: null },
      { ...input, caller: null },
      input,
    ];
    for (const each of inputs) expect(decideOrFail(engine, each)).toEqual(decideOrFail(careful, each));
  });
  await fc.assert(property, { numRuns: 1000 });
});

function addNoise(input: InputDocument, { claims, headers, time_ns, ...request }: Noise): InputDocument {
  const { caller, original_user } = input;
  return {
    ...input,
    request: { ...input.request, ...request, headers: { ...headers, ...input.request.headers } },
    caller: caller && { ...caller, claims: { ...claims, ...caller.claims } },
    original_user: original_user && { ...original_user, claims: { ...claims, ...original_user.claims } },
    time_ns,
  };
}

function decideOrFail(engine: Engine, input: InputDocument): unknown {
  try {
    return engine.decide(input);
  } catch (error) {
    return String(error);
  }
}
