import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Explainer } from '../../src/explain/create-explainer.ts';
import type { ChangeSet, Explanation } from '../../src/explain/explanation.ts';
import { openExplainer } from '../../src/explain/open-explainer.ts';
import { facts, policy } from '../compile/arbitraries.ts';
import { configOf } from '../compile/config-of.ts';
import { type Facts, inputOf } from '../compile/input-of.ts';

/** By the route's name. */
const POLICIES: Readonly<Record<string, object>> = {
  domain: { allow: { or: [{ domain: 'x.com' }] } },
  'both sides': {
    allow: {
      and: [{ domain: 'x.com' }, { http_method: 'GET' }],
      or: [{ email: 'a@x.com' }, { email: 'b@x.com' }, { groups: { has: 'staff' } }],
    },
    deny: {
      or: [{ http_path: { starts_with: '/admin' } }, { user: 'mallory' }],
      not: [{ http_path: { starts_with: '/' } }],
    },
  },
  public: { allow: { or: [{ accept: true }] } },
  'a preflight or a person': { allow: { or: [{ cors_preflight: 1 }, { authenticated_user: 1 }] } },
  'for somebody': { allow: { or: [{ 'original_user/email': 'a@x.com' }] } },
  'for nobody else': { allow: { not: [{ 'original_user/email': 'b@x.com' }] } },
  'with a certificate': { allow: { or: [{ accept: 1 }] }, deny: { or: [{ invalid_client_certificate: 1 }] } },
  'one condition in two places': {
    allow: { and: [{ user: 'ada' }, { groups: 'staff' }] },
    deny: { and: [{ groups: 'staff' }, { groups: 'temp' }] },
  },
  nothing: [],
  'three conditions': { allow: { and: [{ user: 'ada' }, { groups: 'a' }, { groups: 'b' }] } },
  'dozens of blocks': Array.from({ length: 60 }, (_, at) => ({
    allow: { and: [{ user: `u${at}` }, { groups: `g${at}` }] },
  })),
  'hundreds of blocks': Array.from({ length: 400 }, (_, at) => ({ allow: { and: [{ user: `u${at}` }] } })),
  'hundreds of people': { allow: { or: Array.from({ length: 300 }, (_, at) => ({ email: `p${at}@x.com` })) } },
  'in Rego': {
    allow: { or: [{ domain: 'x.com' }] },
    rego: `
allow := [true, {"by-put"}] if input.request.method == "PUT"

deny := [true, {"by-path"}] if input.request.path == "/no"
`,
  },
};
const names = Object.keys(POLICIES);

const ada = (facts: object = {}): Facts => ({ caller: { id: 'ada', email: 'ada@z.com', ...facts } });
const service = (original: object | null, error: Facts['original_user_error'] = null): Facts => ({
  caller: { type: 'service_account', id: 'api' },
  original_user: original,
  original_user_error: error,
});
const valid = { valid: true, fingerprint: '', spki_hash: '', san_dns: [], san_email: [], san_uri: [] };

interface Case {
  readonly facts: Facts;
  readonly step: Explanation['step'];
  /** What has to change, as `describeSet` has it. */
  readonly changes: readonly string[];
  /** The same request after the first change, where a request can show it. */
  readonly changed?: Facts;
}

/** By the name of the route, and what comes to it. */
const CASES: Readonly<Record<string, Case>> = {
  'domain: of another': {
    facts: ada(),
    step: 'not-allowed',
    changes: ['domain true'],
    changed: ada({ email: 'ada@x.com' }),
  },
  'domain: the same': {
    facts: ada({ email: 'ada@x.com' }),
    step: 'allowed',
    changes: ['domain false'],
    changed: ada(),
  },
  'domain: nobody': { facts: {}, step: 'unauthenticated', changes: [], changed: ada({ email: 'ada@x.com' }) },
  'both sides: half of a conjunction': {
    facts: ada({ email: 'ada@x.com' }),
    step: 'allowed',
    changes: ['domain false', 'http_method false', 'http_path true', 'user true', 'http_path false'],
    changed: ada(),
  },
  'both sides: neither half': {
    facts: { ...ada(), request: { method: 'POST' } },
    step: 'not-allowed',
    changes: ['email|email true', 'groups true', 'domain true and http_method true'],
    changed: { ...ada({ email: 'a@x.com' }), request: { method: 'POST' } },
  },
  'both sides: denied': {
    facts: { ...ada({ email: 'ada@x.com' }), request: { path: '/admin' } },
    step: 'denied',
    changes: ['http_path false'],
    changed: { ...ada({ email: 'ada@x.com' }), request: { path: '/' } },
  },
  'both sides: denied, and not allowed': {
    facts: { ...ada(), request: { path: '/admin' } },
    step: 'denied',
    changes: [
      'domain true and http_path false',
      'email|email true and http_path false',
      'groups true and http_path false',
    ],
    changed: ada({ email: 'ada@x.com' }),
  },
  'public: nobody': { facts: {}, step: 'allowed', changes: [] },
  'a preflight or a person: nobody': {
    facts: {},
    step: 'unauthenticated',
    changes: ['cors_preflight true'],
    changed: {
      request: { method: 'OPTIONS', headers: { origin: ['https://a'], 'access-control-request-method': ['PUT'] } },
    },
  },
  'for somebody: nobody': {
    facts: service(null),
    step: 'not-allowed',
    changes: ['original_user/email true'],
    changed: service({ email: 'a@x.com' }),
  },
  'for somebody: a forged one': { facts: service(null, 'signature'), step: 'original-user-invalid', changes: [] },
  'for nobody else: nobody': {
    facts: service(null),
    step: 'original-user-missing',
    changes: [],
    changed: service({ email: 'a@x.com' }),
  },
  'for nobody else: that one': {
    facts: service({ email: 'b@x.com' }),
    step: 'not-allowed',
    changes: ['original_user/email false'],
    changed: service({ email: 'a@x.com' }),
  },
  'with a certificate: none': {
    facts: {},
    step: 'client-certificate',
    changes: ['invalid_client_certificate false'],
    changed: { request: { client_certificate: valid } },
  },
  'with a certificate: a valid one': {
    facts: { request: { client_certificate: valid } },
    step: 'allowed',
    changes: ['invalid_client_certificate true'],
    changed: { request: { client_certificate: { ...valid, valid: false } } },
  },
  // In staff she would be denied too.
  'one condition in two places: needed here, fatal there': {
    facts: ada({ groups: ['temp'] }),
    step: 'not-allowed',
    changes: ['groups true and groups false'],
    changed: ada({ groups: ['staff'] }),
  },
  'nothing: ada': { facts: ada(), step: 'not-allowed', changes: [] },
  'three conditions: one is missing': {
    facts: ada({ groups: ['a'] }),
    step: 'not-allowed',
    changes: ['groups true'],
    changed: ada({ groups: ['a', 'b'] }),
  },
  'three conditions: two are missing': {
    facts: ada(),
    step: 'not-allowed',
    changes: ['two of groups|groups true'],
    changed: ada({ groups: ['a', 'b'] }),
  },
  'three conditions: all are missing': { facts: ada({ id: 'bob' }), step: 'not-allowed', changes: [] },
};

let explainer: Explainer;
beforeAll(async () => {
  const routes = names.map((name, at) => ({
    name,
    from: `http://r${at}.localhost`,
    to: 'http://127.0.0.1:9',
    pass_identity_headers: true,
    set_request_headers: { 'X-Key': 'hunter2' },
    policy: POLICIES[name],
  }));
  const text = JSON.stringify({ address: ':0', insecure_server: true, routes });
  explainer = await openExplainer(parseConfig(text, 'behalf.yaml').config);
});

const explain = (name: string, facts: Facts): Explanation =>
  explainer.explain(inputOf(`r${names.indexOf(name)}`, facts));

describe('which step decided, and what would have to change', () => {
  test.each(Object.entries(CASES))('%s', (title, { facts, step, changes, changed }) => {
    const [name = ''] = title.split(': ');
    const { decision, ...explanation } = explain(name, facts);
    expect(explanation.step).toBe(step);
    expect(explanation.changes).toMatchObject({ limited: false });
    expect(explanation.changes.sets.map(describeSet)).toEqual(changes);
    expect(decision.allow).toBe(step === 'allowed');
    if (changed !== undefined) expect(explain(name, changed).decision.allow).toBe(!decision.allow);
  });

  test('of hundreds of people any one would do, and is not tried alone', () => {
    const { changes, tree } = explain('hundreds of people', ada());
    expect(tree?.allow.blocks[0]?.criteria).toHaveLength(300);
    expect(changes.sets).toHaveLength(1);
    expect(changes.sets[0]?.[0].parts).toHaveLength(300);
  });

  test('of a policy that is large not everything is tried, of one that is larger still nothing: others wait', () => {
    const dozens = ada({ id: 'u7' });
    expect(explain('dozens of blocks', dozens).changes).toMatchObject({ sets: [[{ value: true }]], limited: true });
    expect(explain('hundreds of blocks', ada()).changes).toEqual({ sets: [], limited: true });
  });

  test('a route that is not there has no policy', () => {
    const explanation = explainer.explain(inputOf('gone', {}));
    expect(explanation).toMatchObject({ route: null, step: 'route-not-found', tree: null, changes: { sets: [] } });
  });
});

test('each criterion has its place, what it asks for, what it found, and what it says', () => {
  const { tree, route } = explain('both sides', ada());
  expect(route).toMatchObject({ id: 'r1', name: 'both sides' });
  const [and, or] = tree?.allow.blocks ?? [];
  expect(and).toMatchObject({ operator: 'and', value: false, reasons: ['domain-unauthorized'] });
  expect(or?.criteria).toMatchObject([
    { key: 'email', matcher: 'a@x.com', compared: 'ada@z.com', value: false, reasons: ['email-unauthorized'] },
    { key: 'email', matcher: 'b@x.com', compared: 'ada@z.com', value: false, reasons: ['email-unauthorized'] },
    { key: 'groups', matcher: { has: 'staff' }, compared: [], value: false, reasons: ['groups-unauthorized'] },
  ]);
  const columns = or?.criteria.map(({ position }) => position.column) ?? [];
  expect(columns).toEqual(columns.toSorted((one, other) => one - other));
  expect(new Set(columns).size).toBe(3);
});

test('a package of Rego is one part of each side', () => {
  const put = explain('in Rego', { ...ada(), request: { method: 'PUT' } });
  expect(put).toMatchObject({ step: 'allowed', decision: { reasons: ['by-put'] } });
  expect(put.tree?.allow.rego).toMatchObject([{ value: true, reasons: ['by-put'] }]);
  expect(put.changes.sets).toHaveLength(2);
  const denied = explain('in Rego', { ...ada(), request: { method: 'PUT', path: '/no' } });
  expect(denied).toMatchObject({ step: 'denied', decision: { reasons: ['by-path'] } });
  expect(denied.tree?.deny.rego).toMatchObject([{ value: true, reasons: ['by-path'] }]);
});

test('no text of the configuration that may be secret is in it', () => {
  const { decision } = explain('public', {});
  expect(decision.request_headers.map(({ name }) => name)).toContain('x-key');
  expect(JSON.stringify(explain('public', {}))).not.toContain('hunter2');
});

const seed = Date.now();
test(`what the parts of random policies say adds up to the decision (seed ${seed})`, async () => {
  const policies = fc.sample(policy, { numRuns: 100, seed });
  const config = configOf(Object.fromEntries(policies.map((each, at) => [`r${at}`, each])));
  const random = await openExplainer(config);
  await fc.assert(
    fc.property(fc.constantFrom(...config.routes), facts, ({ id }, each) => {
      const { decision, tree, step } = random.explain(inputOf(id, each));
      const decisive = { denied: tree?.deny, allowed: tree?.allow, 'not-allowed': tree?.allow };
      if (step in decisive) expect(decisive[step as keyof typeof decisive]?.reasons).toEqual(decision.reasons);
    }),
    { numRuns: 2000, seed },
  );
});

/** `email|email true and http_path false`: of each group one part has to come out so. */
function describeSet([one, other]: ChangeSet): string {
  const describeGroup = ({ value, parts }: typeof one) => `${parts.map(({ key }) => key).join('|')} ${value}`;
  if (other === undefined) return describeGroup(one);
  return one === other ? `two of ${describeGroup(one)}` : `${describeGroup(one)} and ${describeGroup(other)}`;
}
