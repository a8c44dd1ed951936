import { type CompiledPolicy, compilePolicy } from '../src/compile/compile-policy.ts';
import { loadConfig } from '../src/config/load-config.ts';
import type { InputDocument } from '../src/engine/documents.ts';
import { type Engine, loadEngine } from '../src/engine/load-engine.ts';
import { startCompiler } from '../src/opa/start-compiler.ts';
import { interleave, type Times } from './interleave.ts';
import { makeFolder } from './make-folder.ts';
import type { Report } from './report.ts';
import { writeConfig } from './write-config.ts';

const CLAIMS = ['department', 'team', 'level', 'locale', 'country', 'city', 'manager', 'cost_center'];
const CLAIM_VALUES = Object.fromEntries(CLAIMS.map((claim) => [claim, [`${claim} of Ada`]]));

const HEADERS = {
  accept: ['application/json, text/plain, */*'],
  'accept-encoding': ['gzip, deflate, br'],
  'accept-language': ['en-GB,en;q=0.9'],
  'cache-control': ['no-cache'],
  'content-type': ['application/json'],
  origin: ['https://app.example.com'],
  referer: ['https://app.example.com/reports/7?x=1'],
  'sec-fetch-mode': ['cors'],
  traceparent: ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
  tracestate: ['rojo=00f067aa0ba902b7'],
  'user-agent': ['Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0'],
  'x-correlation-id': ['0b1e6f3c-5a0c-4a1e-9f1e-2f2e4c9d1d11'],
};

/** Each route with a policy of its own: its service account, on behalf of people of the company. */
function configOf(count: number): object {
  return {
    jwt_claims_headers: Object.fromEntries(CLAIMS.map((claim) => [`x-claim-${claim.replace('_', '-')}`, claim])),
    routes: Array.from({ length: count }, (_, at) => ({
      name: `API ${at}`,
      from: `http://api-${at}.example.com`,
      to: 'http://127.0.0.1:1',
      pass_identity_headers: true,
      policy: [
        { allow: { and: [{ user: { is: `api-${at}` } }, { 'original_user/domain': { is: 'companydomain.com' } }] } },
      ],
    })),
  };
}

/** The `call`th request: another path and time each, and what a request of a service account on behalf of Ada holds. */
function inputOf(route: number, user: string, call: number): InputDocument {
  const host = `api-${route}.example.com`;
  const claims = { ...CLAIM_VALUES, email_verified: [true], picture: ['https://idp.example.com/ada.png'] };
  const person = { email: 'ada@companydomain.com', name: 'Ada', groups: ['engineering', 'on-call'], claims };
  return {
    route: { id: `r${route}`, name: `API ${route}` },
    request: {
      method: 'GET',
      scheme: 'https',
      host,
      path: `/reports/${call}`,
      query: 'x=1',
      headers: HEADERS,
      ip: '192.0.2.1',
      client_certificate: null,
    },
    caller: {
      ...person,
      type: 'service_account',
      id: `api-${route}`,
      session_id: 'token-1',
      expires_at: 1_900_000_000,
    },
    original_user: {
      ...person,
      type: 'user',
      id: user,
      issuer: 'app.example.com',
      audience: 'app.example.com',
      expires_at: 1_900_000_000,
      expired: false,
    },
    original_user_error: null,
    time_ns: (1_800_000_000_000 + call) * 1e6,
  };
}

async function openPolicy(count: number): Promise<CompiledPolicy> {
  await using folder = await makeFolder();
  const { config } = await loadConfig(await writeConfig(folder.path, configOf(count)));
  await using compiler = startCompiler();
  return await compilePolicy(config, compiler);
}

/** A whole decide(), from an input object to a decision object, for ten routes in turn, of ten or of a thousand. */
export async function measureDecide(): Promise<Report> {
  const small = await openPolicy(10);
  const large = await openPolicy(1000);
  const engine = await loadEngine(small);
  const expected = engine.decide(inputOf(0, 'ada', 0));
  if (!expected.allow || expected.request_headers.length < 2 + CLAIMS.length) {
    throw new Error(`not the decision to measure: ${JSON.stringify(expected)}`);
  }
  let call = 0;
  const decide = (engine: Engine, count: number, userOf: (call: number) => string) => (): void => {
    call++;
    engine.decide(inputOf(((call % 10) * count) / 10, userOf(call), call));
  };
  const known = () => 'ada';
  const stranger = (at: number) => `user-${at}`;
  const times = interleave(
    {
      'input alone': () => void inputOf(++call % 10, 'ada', call),
      'known, 10 routes': decide(engine, 10, known),
      'known, 1,000 routes': decide(await loadEngine(large), 1000, known),
      'first seen, 10 routes': decide(await loadEngine(small), 10, stranger),
      'first seen, 1,000 routes': decide(await loadEngine(large), 1000, stranger),
    },
    { rounds: 60, calls: 2000 },
  );
  const of = (name: string, key: keyof Times) =>
    (times[name]?.[key] ?? Number.NaN) - (times['input alone']?.[key] ?? 0);
  const few = 'known, 10 routes';
  const many = 'known, 1,000 routes';
  return {
    title: 'decide(): input object in, decision object out, us',
    notes: [
      '12 request headers, 10 claims, eight of them sent on as headers; the path and the time differ from call to call.',
      'known: caller and original user came to this route before; first seen: an original user who never came.',
    ],
    rows: Object.entries(times).map(([what, { median, best }]) => ({ what, median, best })),
    // To compare two, the best rounds: what else the machine does is not in them.
    bars: [
      { what: `us a decision, ${many}`, value: of(many, 'median'), atMost: 15 },
      { what: `${many}, over 10`, value: of(many, 'best') / of(few, 'best'), atMost: 1.1 },
    ],
  };
}
