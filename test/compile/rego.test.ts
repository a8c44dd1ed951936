import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/compile/compile-policy.ts';
import { listReads } from '../../src/compile/list-reads.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Config } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Caller, Decision } from '../../src/engine/documents.ts';
import { type Engine, loadEngine } from '../../src/engine/load-engine.ts';
import { BehalfError, writeProblem } from '../../src/errors.ts';
import { FIXED_NAMES, FORWARDED_NAMES } from '../../src/fixed-names.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { inputOf } from './input-of.ts';

const compiler = startCompiler();
afterAll(() => compiler[Symbol.asyncDispose]());

const FILES: Readonly<Record<string, string>> = {
  '/conf/teams.yaml': 'staff: [ann@x.com]\nnumbers: [12345]\nby_team: {blue: {ok: true}}\n',
  '/conf/app.rego': 'package app.access\n\nallow if _is_root\n',
  '/conf/helpers.rego': '# Helpers.\npackage app.access\n\n_is_root if input.caller.id == "root"\n',
  '/conf/bare.rego': 'allow if input.request.path == "/bare"\n',
  '/conf/wrong.rego': 'package wrong\n\nallow if input.request.pth == "/"\n',
};

/** Routes `r0`, `r1`, ..., each with this as its policy, in JSON or YAML. */
function configOf(...policies: readonly string[]): Config {
  const routes = policies.map(
    (policy, at) =>
      `- from: http://r${at}.localhost\n  to: http://127.0.0.1:1\n  policy:\n    ${indent(policy, '    ')}\n`,
  );
  const text = `insecure_server: true\njwt_claims_headers: {X_Email: email}\ndata: {teams: teams.yaml}\nroutes:\n${routes.join('')}`;
  const read = (path: string) => {
    const found = FILES[path];
    return found === undefined ? { failure: 'no such file' } : { text: found, isShared: false, isWritable: false };
  };
  return parseConfig(text, '/conf/b.yaml', { read }).config;
}

const indent = (text: string, by: string): string => text.replaceAll(/\n(?=.)/g, `\n${by}`);

/** Its first line is line 9, column 9 of the configuration. */
const rego = (text: string): string => `rego: |\n    ${indent(text, '    ')}`;

async function problemsOf(...policies: readonly string[]): Promise<readonly string[]> {
  try {
    await compilePolicy(configOf(...policies), compiler);
    return [];
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return error.problems.map((problem) => writeProblem(problem).replaceAll('/conf/', ''));
  }
}

const READS =
  'it reads input, its own package, public rules of data.behalf.criteria, data.behalf.identity, data.behalf.logic, data.teams, and says which by constant names';
const REASON = 'is no reason: it has lower-case letters, digits and hyphens alone, and 64 at most, as in "team-frozen"';
const RESULT =
  'must be true or false, [bool], [bool, reasons] with a list or set of texts, or what data.behalf.logic and data.behalf.criteria give';

/** By what is wrong: the Rego, and where and how it is refused; the twin is what all of them stand beside. */
const REFUSED: Readonly<Record<string, readonly [rego: string, ...problems: string[]]>> = {
  'v0 without a word': ['allow { input.caller }', '9:9: `if` keyword is required before rule body'],
  'a package that says nothing': [
    'alow := true',
    '9:9: this package says nothing: it has none of allow, deny, request_headers, response_headers',
  ],
  'a function': ['allow(x) if x', `9:9: allow ${RESULT}`],
  'text for a result': ['allow := "yes"', `9:9: allow ${RESULT}`],
  'text beside a default': ['default deny := false\n\ndeny := "yes" if input.time_ns == 0', `11:9: deny ${RESULT}`],
  'a set of results': ['allow contains "a" if true', `9:9: allow ${RESULT}`],
  'text for reasons': ['deny := [true, "a"]', `9:9: deny ${RESULT}`],
  'a part of a result': ['allow.me := true', `9:9: allow ${RESULT}`],
  'a reason that is none': ['deny := [true, {"Team Frozen"}]', `9:25: "Team Frozen" ${REASON}`],
  'reasons that are none': [
    'default allow := [false, ["ok", ""]]\n\nallow := [true, ["A"]] if input.caller.id == "a"\nelse := [true, {"é"}] if true',
    `9:41: "" ${REASON}`,
    `11:26: "A" ${REASON}`,
    `12:25: "é" ${REASON}`,
  ],
  'a reason that is none in an object': ['allow := {"value": true, "reasons": {"a_b"}}', `9:46: "a_b" ${REASON}`],
  'a reason that is too long': [`deny := [true, ["${'a'.repeat(65)}"]]`, `9:25: "${'a'.repeat(65)}" ${REASON}`],
  'a reason that is none in what is combined': [
    'import data.behalf.logic\n\nfrozen := true\n\ndeny := logic.any_of({"a": logic.none_of([[frozen, ["A"]]]), "b": [false, {"b"}]})',
    `13:61: "A" ${REASON}`,
  ],
  'text for header actions': [
    'request_headers := "x"',
    '9:9: request_headers must be a list or a set of header actions',
  ],
  "other routes' names": ['allow if data.routes.r0.name', `9:18: a policy does not read data.routes.r0.name: ${READS}`],
  'their import': [
    'import data.routes\n\nallow if routes.r0',
    `11:18: a policy does not read data.routes.r0: ${READS}`,
  ],
  'their replacement': [
    'allow if input.caller == null with data.routes as {}',
    `9:44: a policy does not read data.routes: ${READS}`,
  ],
  'all data': ['allow if walk(data, [_, "x"])', `9:23: a policy does not read data: ${READS}`],
  'data that the request picks': [
    'allow if data[input.request.method].x',
    `9:18: a policy does not read data[input.request.method].x: ${READS}`,
  ],
  'the decision': [
    'deny if data.behalf.main.decision.allow',
    `9:17: a policy does not read data.behalf.main.decision.allow: ${READS}`,
  ],
  "another route's policy": [
    'allow if data.policies.p_1.verdict',
    `9:18: a policy does not read data.policies.p_1.verdict: ${READS}`,
  ],
  "the library's private rules": [
    'allow if data.behalf.criteria._domain("x") == "y"',
    `9:18: a policy does not read data.behalf.criteria._domain: ${READS}`,
  ],
  'a rule of the library that the request picks': [
    'allow if data.behalf.identity[input.request.method]',
    `9:18: a policy does not read data.behalf.identity[input.request.method]: ${READS}`,
  ],
  'a later package line': ['allow := true\n\npackage behalf.criteria', '11:9: unexpected package'],
  'the network': [
    'allow if http.send({"method": "GET", "url": "http://127.0.0.1"}).body',
    '9:18: undefined function http.send',
  ],
  'an unsafe negation': [
    'deny if not data.teams.by_team[input.request.method].ok',
    "9:17: `not` over a reference that picks a document under `data` by a key that the request decides: OPA's interpreter makes it true where the reference is false or undefined, WebAssembly never does, so that what `opa test` shows denied would pass. Write `== false`, over a rule that has a default",
  ],
  'what no input has': [
    'deny if input.caller.mail == "a@x.com"',
    '9:17: no input document has input.caller.mail: input.caller has claims, email, expires_at, groups, id, name, session_id, type',
  ],
  'a reserved header': [
    'request_headers := [{"action": "set", "name": "X_Pomerium-Jwt.Assertion", "value": "x"}]',
    '9:29: no policy may set the header "X_Pomerium-Jwt.Assertion", which is the proxy\'s own',
  ],
  'what the proxy says of the client': [
    'request_headers contains {"action": "set", "name": "X-Forwarded-For", "value": "10.0.0.1"}',
    '9:34: no policy may set the header "X-Forwarded-For", which is the proxy\'s own',
  ],
  "the request's number": [
    'request_headers := [{"action": "remove", "name": "X-Request-ID"}]',
    '9:29: no policy may remove the header "X-Request-ID", which is the proxy\'s own',
  ],
  'the framing': [
    'response_headers contains {"action": "remove", "name": "Content-Length"}',
    '9:35: no policy may remove the header "Content-Length", which is the proxy\'s own',
  ],
  "a claim's header": [
    'request_headers contains {"action": "set", "name": "x-email", "value": "a"}',
    '9:34: no policy may set the header "x-email", which is the proxy\'s own',
  ],
  'two defaults': [
    'default allow := false\n\ndefault allow := true',
    '9:9: multiple default rules allow found at b.yaml:9:9, b.yaml:11:9',
  ],
};

describe('Rego that is refused when compiled', () => {
  test.each(Object.entries(REFUSED))('%s', async (_, [text, ...problems]) => {
    const found = await problemsOf(rego(text));
    expect(found).toEqual(problems.map((problem) => expect.stringContaining(`b.yaml:${problem}`)));
  });

  test('twins of them all compile', async () => {
    const text = `import data.behalf.criteria
import data.behalf.identity
import data.behalf.logic

default allow := false

allow if input.caller == null
allow if criteria.domain({"is": "x.com"}).value
allow if data.teams.by_team[input.request.method].ok == true
allow if _mine[input.request.method]
allow if identity.signed_in with input.caller as null
_mine := {"GET"}

deny := [true, {"no-mail"}] if input.caller.email == ""
deny := logic.any_of([[true, ["${'a'.repeat(64)}", "0-9"]]]) if input.caller.email == "a"
deny := {"value": _labels["Not A"], "reasons": ["ok"]} if input.caller.email == "b"
_labels := {"Not A": true, "B C": [true, ["D E"]]}
request_headers := [{"action": "set", "name": "X-Team", "value": "x"}]
response_headers contains {"action": "remove", "name": "x-length"}`;
    expect(await problemsOf(rego(text))).toEqual([]);
  });

  test('the place is in the file, in the block, or in the value that has all of it', async () => {
    expect(await problemsOf('rego: wrong.rego')).toEqual([
      expect.stringMatching(/^wrong\.rego:3:10: no input document/),
    ]);
    const quoted = 'rego: "package wrong\\n\\nallow if input.request.pth"';
    expect(await problemsOf(quoted)).toEqual([expect.stringMatching(/^b\.yaml:8:11: line 3 of this Rego: no input/)]);
    const bare = 'rego: "\\nallow if input.request.pth"';
    expect(await problemsOf(bare)).toEqual([expect.stringMatching(/^b\.yaml:8:11: line 2 of this Rego: no input/)]);
    const late = rego('\n\nallow if input.request.pth');
    expect(await problemsOf(late)).toEqual([expect.stringMatching(/^b\.yaml:11:18: no input/)]);
  });
});

describe('packages are apart', () => {
  const OWN = 'package mine\n\nallow := true';
  test.each<[string, readonly string[], string | null]>([
    ['one text in two policies', [rego(OWN), rego(OWN)], null],
    [
      'two files of one package in one policy',
      ['rego: [app.rego, helpers.rego]', 'rego: [helpers.rego, app.rego]'],
      null,
    ],
    [
      'another text of the same package',
      [rego(OWN), rego('package mine\n\nallow := false')],
      'the package "mine" is that of other Rego, at b.yaml:8:11: give this one its own',
    ],
    [
      'half of a package',
      ['rego: [app.rego, helpers.rego]', 'rego: app.rego'],
      'the package "app.access" is that of other Rego, at b.yaml:8:12: give this one its own',
    ],
    [
      'a package within one',
      [rego(OWN), rego('package mine.inner\n\nallow := true')],
      'the package "mine.inner" would lie within the package "mine", at b.yaml:8:11: give it another name',
    ],
    [
      'a package within data',
      [rego('package teams.blue\n\nallow := true')],
      'the package "teams.blue" would lie within the data "teams", at b.yaml:3:8: give it another name',
    ],
    ['names that only begin alike', [rego(OWN), rego('package mine_too\n\nallow := true')], null],
  ])('%s', (_, policies, problem) => {
    const write = () => writeRego(configOf(...policies));
    if (problem === null) expect(write).not.toThrow();
    else expect(write).toThrow(problem.replace(' at ', ' at /conf/'));
  });
});

test('the generated module asks each package for what it says', () => {
  const { modules } = writeRego(configOf('allow: {or: [{accept: true}]}\nrego: [app.rego, helpers.rego]'));
  expect(Object.values(modules)[0]?.replace(/^package .*\n/, '')).toBe(`
import data.behalf.criteria
import data.behalf.logic
import data.behalf.rego

verdict := {
	"allow": logic.any_of([
		logic.any_of([
			criteria.accept,
		]),
		rego_0.allow,
	]),
	"deny": rego_0.deny,
}

rego_0 := {
	"allow": rego.result({document | document := data.app.access.allow}),
	"deny": rego.result({document | document := data.app.access.deny}),
}

request_headers := rego.header_actions([
	{document | document := data.app.access.request_headers},
])

response_headers := rego.header_actions([
	{document | document := data.app.access.response_headers},
])
`);
});

test('a decision by Rego is never remembered', () => {
  expect(Object.keys(listReads(configOf('allow: {or: [{accept: 1}]}', 'rego: bare.rego')))).toEqual(['r0']);
});

type Outcome = readonly [status: number, ...reasons: string[]];

interface Judged {
  readonly policy: string;
  /** By the request's path: the outcome for Ann, or the words of the engine. */
  readonly [path: `/${string}`]: Outcome | string | RegExp;
}

const UNDECIDED =
  /^the policy gave no decision: route "r\d+\.localhost\/": in its Rego, at .*b\.yaml:\d+:\d+, a reason is none: /;
const MALFORMED =
  /^the policy could not be evaluated: route "r\d+\.localhost\/": in its Rego, at .*b\.yaml:\d+:\d+, a function of data\.behalf was called with a value that it does not take, or "allow" or "deny" is no result; docs\/rego\.md, /;
const CRITERIA = 'import data.behalf.criteria\n\n';
const LIBRARY = `import data.behalf.logic\n${CRITERIA}`;
const v0 = (text: string) => `rego_version: v0\n${rego(text)}`;
const byPath = 'import rego.v1\n\npath := input.request.path\n\n';

const JUDGED: Readonly<Record<string, Judged>> = {
  'undefined is no': { policy: rego(`${byPath}allow if path == "/a"`), '/a': [200], '/b': [403] },
  'false is no': { policy: rego(`${byPath}default allow := false\n\nallow if path == "/a"`), '/a': [200], '/b': [403] },
  reasons: {
    policy: rego(
      `${byPath}allow := [true, ["b-ok", "a-ok"]] if path == "/a"\n\nallow := [false, {"c-no"}] if path == "/b"`,
    ),
    '/a': [200, 'a-ok', 'b-ok'],
    '/b': [403, 'c-no'],
    '/c': [403],
  },
  'a deny wins': {
    policy: rego(`${byPath}allow := true\n\ndeny := [path == "/b", ["never"]]`),
    '/a': [200],
    '/b': [403, 'never'],
  },
  'beside criteria': {
    policy: `allow: {or: [{http_path: /a}]}\ndeny: {or: [{http_path: /d}]}\n${rego(`${byPath}allow if path in ["/b", "/d"]\n\ndeny if path == "/c"`)}`,
    '/a': [200, 'http-path-ok'],
    '/b': [200],
    '/c': [403],
    '/d': [403, 'http-path-ok'],
    '/e': [403, 'http-path-unauthorized'],
  },
  'several packages': {
    policy: 'rego: [app.rego, helpers.rego, bare.rego]',
    '/bare': [200],
    '/a': [403],
  },
  'a denial by what is no text': {
    policy: rego(
      `${byPath}${CRITERIA}allow := true\n\ndeny := criteria.user({"in": data.teams.numbers}) if path == "/a"\n\ndeny := criteria.groups(data.teams.numbers[0]) if path == "/b"\n\ndeny := criteria.email({"not": data.teams.numbers[0]}) if path == "/c"\n\ndeny := criteria.user({"in": data.teams.staff}) if path == "/d"\n\ndeny := criteria.claim("level", data.teams.numbers[0]) if path == "/e"`,
    ),
    '/a': MALFORMED,
    '/b': MALFORMED,
    '/c': MALFORMED,
    '/d': [200],
    '/e': [200],
  },
  "the library's": {
    policy: rego(
      'import data.behalf.criteria\nimport data.behalf.logic\n\nallow := logic.all_of([criteria.http_path({"is": "/a"}), criteria.domain({"is": "x.com"})])',
    ),
    '/a': [200, 'domain-ok', 'http-path-ok'],
    '/b': [403, 'http-path-unauthorized'],
  },
  "an author's rule beside the library's": {
    policy: rego(
      `${byPath}${LIBRARY}default on_call := false\n\non_call if path == "/a"\n\nfrozen := [path == "/f", {"frozen"}]\n\nallow := logic.all_of([criteria.domain({"is": "x.com"}), on_call])\n\ndeny := logic.any_of({frozen})`,
    ),
    '/a': [200, 'domain-ok'],
    '/b': [403],
    '/f': [403, 'frozen'],
  },
  'what is no result beside what decides': {
    policy: rego(
      `${byPath}${LIBRARY}default rest := false\n\nrest := data.teams.by_team if path == "/a"\n\nrest := "no" if path == "/b"\n\nrest := [true, ["ok"]] if path == "/c"\n\nallow := logic.any_of([criteria.accept, rest])`,
    ),
    '/a': MALFORMED,
    '/b': MALFORMED,
    '/c': [200, 'accept', 'ok'],
    '/d': [200, 'accept'],
  },
  'a denial of what is no result': {
    policy: rego(
      `${byPath}${LIBRARY}allow := true\n\ndeny := logic.none_of([criteria.reject, data.teams.by_team]) if path == "/a"\n\ndeny := logic.all_of(path) if path == "/b"\n\ndeny := logic.all_of(set()) if path == "/c"`,
    ),
    '/a': MALFORMED,
    '/b': MALFORMED,
    '/c': [200],
  },
  // A name of an operator comes from the path, so that no checker can tell it beforehand.
  'a malformed matcher': {
    policy: rego(
      `${byPath}${CRITERIA}allow := criteria.email({trim(path, "/"): "ann@x.com"})\n\ndeny := criteria.reject`,
    ),
    '/is': [200, 'email-ok'],
    '/end_with': MALFORMED,
    '/in': MALFORMED,
    '/': MALFORMED,
  },
  'what is made of a malformed matcher': {
    policy: rego(`${byPath}${CRITERIA}allow if criteria.email({trim(path, "/"): "ann@x.com"}).value`),
    '/is': [200],
    '/not': [403],
    '/end_with': MALFORMED,
  },
  'what is denied for want of a match': {
    policy: rego(
      `${byPath}${CRITERIA}allow := true\n\ndeny if criteria.email({trim(path, "/"): "ann@x.com"}).value == false`,
    ),
    '/is': [200],
    '/not': [403],
    '/end_with': MALFORMED,
  },
  'a denial by a malformed matcher': {
    policy: rego(
      `${byPath}${CRITERIA}allow := true\n\ndeny := criteria.groups({name: 1 | some name in data.teams.by_team.blue.none}) if path == "/a"\n\ndeny := criteria.date({"timezone": upper("utc")}) if path == "/b"\n\ndeny := criteria.source_ip(lower("LOCALHOST")) if path == "/c"\n\ndeny := criteria.groups("banned") if path == "/d"`,
    ),
    '/a': MALFORMED,
    '/b': MALFORMED,
    '/c': MALFORMED,
    '/d': [200],
  },
  data: {
    policy: rego(`${byPath}allow if {\n  path == "/a"\n  input.caller.email in data.teams.staff\n}`),
    '/a': [200],
    '/b': [403],
  },
  'signing in': { policy: rego('allow := [false, ["user-unauthenticated"]]'), '/a': [401, 'user-unauthenticated'] },
  v0: {
    policy: v0('package pomerium.policy\n\nallow = [true, {"v0-ok"}] { input.request.path == "/a" }'),
    '/a': [200, 'v0-ok'],
    '/b': [403],
  },
  "another of Pomerium's texts": {
    policy: v0('package pomerium.policy\n\nallow { input.request.path == "/b" }'),
    '/a': [403],
    '/b': [200],
  },
  // Whatever the checker of types cannot tell beforehand; the twin is the outcome of another path.
  'what is no result': {
    policy: rego(
      `${byPath}allow := [true, data.teams.staff] if path == "/a"\n\nallow := data.teams.by_team if path == "/b"\n\nallow if path == "/c"`,
    ),
    '/a': UNDECIDED,
    '/b': MALFORMED,
    '/c': [200],
  },
  'what is no denial': {
    policy: rego(`${byPath}allow := true\n\ndeny := data.teams.staff if path == "/a"`),
    '/a': MALFORMED,
    '/b': [200],
  },
  'two results': {
    policy: rego(`${byPath}allow := [true, ["a"]] if path != "/b"\n\nallow := [true, ["b"]] if path != "/c"`),
    '/a': /^the policy could not be evaluated: route "r\d+\.localhost\/": a rule or a function has two values, at .*b\.yaml:\d+:9$/,
    '/b': [200, 'b'],
  },
  'a reserved header whose name is computed': {
    policy: rego(
      `${byPath}allow := true\n\nrequest_headers contains {"action": "remove", "name": concat("", ["x", path])}`,
    ),
    '/-pomerium-jwt-assertion-for': 'the policy gave what is not a decision',
    '/-Email': 'the policy gave what is not a decision',
    '/_a': 'the policy gave what is not a decision',
    '/-a': 'the policy gave what is not a decision',
  },
  "any of the proxy's names that is computed": {
    policy: rego(
      `${byPath}allow := true\n\nresponse_headers := [{"action": "set", "name": trim(path, "/"), "value": "v"}]`,
    ),
    ...Object.fromEntries(
      [...FIXED_NAMES, ...FORWARDED_NAMES, 'X-Forwarded-Port'].map((name) => [
        `/${name}`,
        'the policy gave what is not a decision',
      ]),
    ),
    '/x-forwarder': [200],
  },
  'a header in an answer': {
    policy: rego(
      `${byPath}allow := true\n\nresponse_headers := [{"action": "set", "name": trim(path, "/"), "value": "v"}]`,
    ),
    '/x-pomerium-claim-email': 'the policy gave what is not a decision',
    '/x-team': [200],
  },
};

describe('what Rego says', () => {
  let engine: Engine;
  beforeAll(async () => {
    const config = configOf(...Object.values(JUDGED).map(({ policy }) => policy));
    engine = await loadEngine(await compilePolicy(config, compiler));
  });

  const ann: Partial<Caller> = { id: 'ann', email: 'ann@x.com' };

  test.each(Object.entries(JUDGED))('%s', (name, { policy: _, ...outcomes }) => {
    const id = `r${Object.keys(JUDGED).indexOf(name)}`;
    for (const [path, outcome] of Object.entries(outcomes)) {
      const decide = (): Decision => engine.decide(inputOf(id, { request: { path }, caller: ann }));
      if (typeof outcome === 'string' || outcome instanceof RegExp) {
        expect(decide, path).toThrow(outcome);
        continue;
      }
      const { status, reasons } = decide();
      expect([status, ...reasons], path).toEqual(outcome);
    }
  });
});

test('sub-policies add to the older keys, and hold Rego', async () => {
  const route = `insecure_server: true
routes:
  - from: http://a.localhost
    to: http://127.0.0.1:1
    allowed_users: [ann]
    sub_policies:
      - name: more
        allowed_users: [bob]
        allowed_domains: [x.com]
        allowed_idp_claims: {team: [red], age: [5]}
      - rego_version: v0
        rego:
          - |
            package pomerium.policy
            allow = [true, {"cid-ok"}] { input.caller.id == "cid" }
`;
  const { config } = parseConfig(route, 'b.yaml');
  const criteria = config.routes[0]?.policy.rules.flatMap(({ blocks }) => blocks.flatMap((block) => block.criteria));
  expect(criteria?.map(({ name }) => name)).toEqual(['domain', 'claim', 'claim', 'user', 'email', 'user', 'email']);
  const engine = await loadEngine(await compilePolicy(config, compiler));
  const judge = (id: string) => engine.decide(inputOf('r0', { caller: { id } })).reasons;
  expect([judge('ann'), judge('bob'), judge('cid')]).toEqual([['user-ok'], ['user-ok'], ['cid-ok']]);
  expect(judge('eve')).toContain('user-unauthorized');
});
