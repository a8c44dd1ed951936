import type { IncomingHttpHeaders } from 'node:http';
import { beforeAll, describe } from 'vitest';
import { readLibrary } from '../../src/compile/read-library.ts';
import { writeData } from '../../src/compile/write-data.ts';
import type { Decision } from '../../src/engine/documents.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { chooseForm } from '../../src/proxy/choose-form.ts';
import { isNavigation } from '../../src/proxy/is-navigation.ts';
import { type Refusal, refusalOfDecision } from '../../src/proxy/refusal.ts';
import { writeRefusal } from '../../src/proxy/write-refusal.ts';
import { configOf } from '../compile/config-of.ts';
import { inputOf } from '../compile/input-of.ts';
import { type Case, type Http, readCases } from './cases.ts';
import { compare, judgeCases } from './judge-cases.ts';
import { loadCase } from './load-case.ts';

type Pair = readonly [boolean, readonly string[]];

/** What a policy says, or that nobody is signed in, or a refusal; and how that is answered to what kind of client. */
interface OutcomeCase extends Case {
  readonly input: {
    readonly allow?: Pair;
    readonly deny?: Pair;
    readonly headers_to_remove?: readonly string[];
    readonly denied?: { readonly status: number; readonly reason: string };
    readonly request_id?: string;
    readonly http?: Pick<Http, 'headers'>;
  };
  readonly expect: {
    readonly ok?: true;
    readonly headers_to_remove?: readonly string[];
    readonly status?: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly body_json?: unknown;
    readonly redirect?: boolean;
  };
}

/** Of those cases that only say that somebody should sign in. */
const NOBODY = { allow: [false, ['user-unauthenticated']], deny: [false, []] } as const;

const cases = readCases<OutcomeCase>('outcome.json');

describe.skipIf(cases === null)('verdicts as Pomerium answers them', () => {
  let engine: Engine;

  beforeAll(async () => {
    const packages = Object.fromEntries((cases ?? []).map(({ id }, at) => [id, `p_${at}`]));
    const routes = (cases ?? []).flatMap(({ id, input }) => {
      const { route } = loadCase({ remove_request_headers: input.headers_to_remove ?? [] });
      return route === null ? [] : [{ ...route, id }];
    });
    const { config } = loadCase({});
    if (config === null) throw new TypeError('the smallest configuration is refused');
    await using compiler = startCompiler();
    const library = readLibrary();
    const verdicts = (cases ?? []).map(({ input }, at) => [`p_${at}.rego`, writeVerdict(`p_${at}`, input)]);
    const wasm = await compiler.compile({
      modules: { ...library.modules, ...Object.fromEntries(verdicts) },
      entrypoints: ['behalf/main/decision'],
      capabilities: library.capabilities,
    });
    engine = await loadEngine({ wasm, data: writeData({ ...config, routes }, packages).data });
  });

  judgeCases('outcome', cases ?? [], (each) => {
    const { input, expect } = each;
    if (input.denied !== undefined) return compareRefusal(input.denied, each);

    const decision = decide(each);
    if (expect.ok === true) {
      const removed = decision.request_headers.filter(({ action }) => action === 'remove').map(({ name }) => name);
      const wanted = expect.headers_to_remove ?? [];
      return compare([decision.allow, wanted.filter((name) => !removed.includes(name))], [true, []]);
    }
    const refusal = refusalOfDecision(decision);
    const status =
      refusal.status === 401 && isNavigation({ method: 'GET', headers: readHeaders(each) }) ? 302 : refusal.status;
    return compare(expect.redirect === undefined ? status : status === 302, expect.redirect ?? expect.status);
  });

  function decide({ id, input }: OutcomeCase): Decision {
    // Pomerium has this reason where no route was found, and there alone.
    const isFound = input.deny?.[1].includes('route-not-found') !== true;
    return engine.decide(inputOf(isFound ? id : '', {}));
  }
});

function readHeaders({ input }: OutcomeCase): IncomingHttpHeaders {
  const headers = Object.entries(input.http?.headers ?? {});
  return Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function compareRefusal({ status, reason }: { status: number; reason: string }, each: OutcomeCase) {
  const { input, expect } = each;
  const refusal: Refusal = { status, error: reason, reasons: [] };
  const answer = writeRefusal(refusal, input.request_id ?? '', chooseForm(readHeaders(each)), configOf({}).branding);
  const headers = Object.fromEntries(answer.headers);
  const names = Object.keys(expect.headers ?? {});
  const found = Object.fromEntries(names.map((name) => [name, headers[name.toLowerCase()]]));
  const body = expect.body_json === undefined ? answer.body : JSON.parse(answer.body);
  return compare([answer.status, found, body], [expect.status, expect.headers, expect.body_json ?? expect.body]);
}

function writeVerdict(name: string, { allow = NOBODY.allow, deny = NOBODY.deny }: OutcomeCase['input']): string {
  const side = ([value, reasons]: Pair) =>
    `{"value": ${value}, "reasons": {code | some code in ${JSON.stringify(reasons)}}}`;
  return `package policies.${name}\n\nverdict := {"allow": ${side(allow)}, "deny": ${side(deny)}}\n`;
}
