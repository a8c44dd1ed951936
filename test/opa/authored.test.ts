import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeAuthoredRego } from '../../src/compile/write-authored-rego.ts';
import type { BehalfError } from '../../src/errors.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { configOf } from '../compile/config-of.ts';
import { runBehalf } from '../support/run-behalf.ts';
import { requestFor } from './compile-rego.ts';

const config = { ...configOf({}), claimHeaders: [{ name: 'x-mail', claim: 'email' }] };
const LIBRARY = {
  'identity.rego': 'package behalf.identity\n\nsigned_in := input.caller != null\n',
  'criteria.rego': 'package behalf.criteria\n\nemail(_) := {"value": input.caller != null, "reasons": set()}\n',
};

const compiler = startCompiler();
afterAll(() => compiler[Symbol.asyncDispose]());

/** `line:column message` of each refusal of a module without its package line. */
async function refusalsOf(rego: string): Promise<string[]> {
  const text = `package p\n\n${rego}\n`;
  const authored = { 'p.rego': { text, package: 'p', version: 'v1' } } as const;
  const request = { ...requestFor(LIBRARY, 'p/deny'), ...writeAuthoredRego(config, { authored, documents: {} }) };
  try {
    await compiler.compile(request);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_COMPILE_FAILED' });
    return (error as BehalfError).problems.map(
      ({ position: { line, column }, message }) => `${line}:${column} ${message}`,
    );
  }
}

const HOW =
  'so that a deny does not fire: put it into a rule with a default, `default ok := false` and `ok if ...`, and write `ok == false`; or use a criterion of data.behalf.criteria';
const CALLER = `a negated call is undefined where input.caller is null, ${HOW}`;
const missing = (what: string) => `a negated call is undefined where ${what} is not there, ${HOW}`;

/** What would not deny a stranger, who has no header, no certificate and is not signed in; and where it is refused. */
const FAILS_OPEN: Readonly<Record<string, readonly [rego: string, problem: string]>> = {
  'the end of an address': ['deny if not endswith(input.caller.email, "@x.com")', `3:9 ${CALLER}`],
  'a group': ['deny if not "admin" in input.caller.groups', `3:9 ${CALLER}`],
  'a header': [
    'deny if not startswith(input.request.headers["x-a"][0], "k")',
    `3:9 ${missing('input.request.headers["x-a"]')}`,
  ],
  'a header that another line demands, not its value': [
    'deny if {\n\tinput.request.headers["x-a"] != ["b"]\n\tnot startswith(input.request.headers["x-a"][0], "k")\n}',
    `5:2 ${missing('input.request.headers["x-a"][0]')}`,
  ],
  'a claim': [
    'deny if {\n\tinput.caller != null\n\tnot "eu" in input.caller.claims.region\n}',
    `5:2 ${missing('input.caller.claims.region')}`,
  ],
  'a certificate': [
    'deny if not startswith(input.request.client_certificate.fingerprint, "a")',
    `3:9 a negated call is undefined where input.request.client_certificate is null, ${HOW}`,
  ],
  'the original user': [
    'deny if not input.original_user.email in {"a@x.com"}',
    `3:9 a negated call is undefined where input.original_user is null, ${HOW}`,
  ],
  'a function of its own': [
    'staff(email) if endswith(email, "@x.com")\n\ndeny if not staff(input.caller.email)',
    `5:9 ${CALLER}`,
  ],
  'a call in a call': ['deny if not endswith(lower(input.caller.email), "@x.com")', `3:9 ${CALLER}`],
  'a call in a comparison': ['deny if not lower(input.caller.email) == "a@x.com"', `3:9 ${CALLER}`],
  'a comparison of lists': ['deny if not [input.caller.email] == ["a@x.com"]', `3:9 ${CALLER}`],
  'another comparison': ['deny if not input.caller.email != "a@x.com"', `3:9 ${CALLER}`],
  'a key': ['deny if not {"a@x.com": true}[input.caller.email]', `3:9 ${CALLER}`],
  'a local for the caller': [
    'deny if {\n\tcaller := input.caller\n\tnot endswith(caller.email, "@x.com")\n}',
    `5:2 ${CALLER}`,
  ],
  'a truth that null is too': [
    'deny if {\n\tinput.caller\n\tnot endswith(input.caller.email, "@x.com")\n}',
    `5:2 ${CALLER}`,
  ],
  'a comparison of a comparison': ['deny if not (input.caller.type == "user") == true', `3:9 ${CALLER}`],
  'a claim that is picked': [
    'deny if {\n\tsome name in ["a", "b"]\n\tinput.caller != null\n\tnot "eu" in input.caller.claims[name]\n}',
    `6:2 ${missing('input.caller.claims[name]')}`,
  ],
  'a caller of another input': [
    'deny if {\n\tstartswith(input.caller.id, "a") with input.caller as {"id": "a"}\n\tnot "a" in input.caller.groups\n}',
    `5:2 ${CALLER}`,
  ],
  'a rule for the address': [
    'email := input.caller.email\n\ndeny if not endswith(email, "@x.com")',
    `5:9 ${missing('data.p.email')}`,
  ],
  'a rule with conditions': [
    'level := "low" if input.caller.id == "a"\n\nlevel := "high" if input.caller.id == "b"\n\ndeny if not level in {"low"}',
    `7:9 ${missing('data.p.level')}`,
  ],
  'beside a condition': [
    'deny if {\n\tnot "a" in input.caller.groups\n\tinput.request.path == "/"\n}',
    `4:2 ${CALLER}`,
  ],
  'in every': [
    'deny if {\n\tevery path in ["/"] {\n\t\tpath == input.request.path\n\t\tnot endswith(input.caller.email, path)\n\t}\n}',
    `6:3 ${CALLER}`,
  ],
  'in an else': [
    'deny := [true, ["a"]] if {\n\tinput.request.path == "/b"\n} else := [true, ["b"]] if {\n\tnot "a" in input.caller.groups\n}',
    `6:2 ${CALLER}`,
  ],
  '`== false`': ['deny if endswith(input.caller.email, "@x.com") == false', `3:9 ${CALLER}`],
  '`!= true`': ['deny if endswith(input.caller.email, "@x.com") != true', `3:9 ${CALLER}`],
  '`== false` as a value': ['deny := endswith(input.caller.email, "@x.com") == false', `3:9 ${CALLER}`],
  'a value of what has conditions': [
    'frozen if input.caller.id == "a"\n\ndeny := [frozen, {"frozen"}]',
    '5:1 deny is undefined where frozen is, which has conditions alone: give it a default, `default frozen := false`',
  ],
};

/** Each denies the stranger, or says itself that it is about others. */
const SAFE: Readonly<Record<string, readonly [rego: string, denies: boolean]>> = {
  'a helper with a default': [
    'default staff := false\n\nstaff if endswith(input.caller.email, "@x.com")\n\ndeny if staff == false',
    true,
  ],
  'a helper': ['staff if endswith(input.caller.email, "@x.com")\n\ndeny if not staff', true],
  'a criterion': ['import data.behalf.criteria\n\ndeny if criteria.email({"is": "a@x.com"}).value == false', true],
  'a criterion that is negated': [
    'import data.behalf.criteria\n\ndeny if not criteria.email({"is": "a@x.com"}).value',
    true,
  ],
  'equality, which is no call': ['deny if not input.caller.email == "a@x.com"', true],
  'a reference': ['deny if not input.caller.email', true],
  'what is always there': ['deny if not startswith(input.request.path, "/public")', true],
  'a header with a default': ['deny if not "k" in object.get(input.request.headers, "x-a", [])', true],
  'a comprehension': ['deny if not count([group | some group in input.caller.groups]) > 3', true],
  'a rule with a default': [
    'default level := "none"\n\nlevel := input.caller.id\n\ndeny if not level in {"low"}',
    true,
  ],
  'a rule with an else': [
    'level := "a" if {\n\tinput.caller.id == "a"\n} else := "b"\n\ndeny if not level in {"a"}',
    true,
  ],
  'a value of what has a default': [
    'default open := true\n\nopen := false if input.caller.id == "a"\n\ndeny := [open, {"frozen"}]',
    true,
  ],
  'somebody who signed in': [
    'deny if {\n\tinput.caller != null\n\tnot endswith(input.caller.email, "@x.com")\n}',
    false,
  ],
  'somebody who signed in, by the library': [
    'import data.behalf.identity\n\ndeny if {\n\tidentity.signed_in\n\tnot endswith(input.caller.email, "@x.com")\n}',
    false,
  ],
  'a person': ['deny if {\n\tinput.caller.type == "user"\n\tnot endswith(input.caller.email, "@x.com")\n}', false],
  'a person in a local': [
    'deny if {\n\tcaller := input.caller\n\tcaller != null\n\tnot "a" in caller.groups\n}',
    false,
  ],
  'a person, outside of a comprehension': [
    'deny if {\n\tinput.caller.type == "user"\n\tcount([1 | not endswith(input.caller.email, "@x.com")]) == 1\n}',
    false,
  ],
  'a call without operands': ['deny if {\n\ttime.now_ns()\n\tnot time.now_ns() == 0\n}', true],
  'a set': ['deny if not "a" in names\n\nnames contains input.caller.id', true],
  'each value of a header': [
    'deny if {\n\tsome value in input.request.headers["x-a"]\n\tnot startswith(value, "k")\n}',
    false,
  ],
  'an assignment': ['deny if {\n\temail := input.caller.email\n\tnot endswith(email, "@x.com")\n}', false],
};

describe('a denial that is undefined for a stranger', () => {
  const entries = [...Object.entries(FAILS_OPEN), ...Object.entries(SAFE)];
  let denials: Readonly<Record<string, { deny?: unknown }>>;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'behalf-authored-'));
    const modules = entries.map(([, [rego]], at) => [`f${at}.rego`, `package f${at}\n\n${rego}\n`] as const);
    for (const [path, text] of [...Object.entries(LIBRARY), ...modules]) await writeFile(join(folder, path), text);
    const stranger = {
      request: { path: '/', headers: {}, client_certificate: null },
      caller: null,
      original_user: null,
    };
    const run = await runBehalf(['opa', 'eval', '--data', '.', '--format', 'raw', '--stdin-input', 'data'], {
      cwd: folder,
      input: JSON.stringify(stranger),
    });
    denials = JSON.parse(run.stdout);
    await rm(folder, { recursive: true });
  });
  const denyOf = (name: string) => denials[`f${entries.findIndex(([each]) => each === name)}`]?.deny;

  test.for(Object.entries(FAILS_OPEN))('%s is refused', async ([name, [rego, problem]]) => {
    expect(denyOf(name)).toBeUndefined();
    expect(await refusalsOf(rego)).toEqual([problem]);
  });

  test.for(Object.entries(SAFE))('%s compiles', async ([name, [rego, denies]]) => {
    expect(denyOf(name) !== undefined).toBe(denies);
    expect(await refusalsOf(rego)).toEqual([]);
  });
});

describe('what is never there', () => {
  const header = (name: string) => `3:9 no input document has input.request.headers${name}: `;
  const KEPT =
    'this header goes no further than the proxy, which says what it found out in input.caller, input.original_user and input.request';
  const cases: Record<string, readonly [condition: string, ...problems: string[]]> = {
    'a header as it is written': [
      'input.request.headers["X-Level"][0] == "5"',
      `${header('["X-Level"]')}the names of headers are lower-case there, as "x-level"`,
    ],
    'its twin': ['input.request.headers["x-level"][0] == "5"'],
    'a credential': ['input.request.headers.authorization[0] == "x"', `${header('.authorization')}${KEPT}`],
    cookies: ['"a" in input.request.headers.cookie', header('.cookie').replace('3:9', '3:16') + KEPT],
    "the proxy's own": ['input.request.headers["x-pomerium-claim-a"]', header('["x-pomerium-claim-a"]') + KEPT],
    "a claim's header, otherwise spelled": ['input.request.headers.x_mail', header('.x_mail') + KEPT],
    'what a client says of its address': [
      'input.request.headers["x-forwarded-for"]',
      header('["x-forwarded-for"]') + KEPT,
    ],
    'a header with another beginning': ['input.request.headers["x-pomerium-routing-key"]'],
    'a header that the request picks': ['input.request.headers[input.request.method]'],
    'a list that is text': [
      'input.caller.groups == "admin"',
      '3:9 input.caller.groups is a list, never "admin": write `"admin" in input.caller.groups`',
    ],
    'text that a list is not': [
      '"b" != input.request.headers["x-a"]',
      '3:9 input.request.headers["x-a"] is a list, never "b": write `"b" in input.request.headers["x-a"]`',
    ],
    'a list that is a list': ['input.caller.groups == ["admin"]'],
    'an element': ['input.caller.groups[0] == "admin"'],
    'what no enumeration has': [
      'input.caller.type == "service-account"',
      '3:9 input.caller.type is never "service-account": it is one of ["user","service_account"]',
    ],
    'what an enumeration has': ['input.caller.type == "service_account"'],
    'null, which an enumeration has': ['input.original_user_error == null'],
    'no caller': ['input.caller == null'],
  };
  test.for(Object.entries(cases))('%s', async ([, [condition, ...problems]]) => {
    expect(await refusalsOf(`deny if ${condition}`)).toEqual(problems);
  });
});
