import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printRego } from '../../src/compile/print-rego.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Config } from '../../src/config/config.ts';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import { runOpa } from '../../src/opa/run-opa.ts';
import { configOf } from './config-of.ts';

/** Policies and the body of their module, behind the package. */
const GOLDEN: Record<string, { policy: string; rego: string }> = {
  'one block: a side is that block': {
    policy: `
allow:
  or:
    - domain: companydomain.com
    - original_user/email: {ends_with: "@companydomain.com"}
`,
    rego: `import data.behalf.criteria
import data.behalf.logic

verdict := {
	"allow": logic.any_of([
		criteria.domain({"is": "companydomain.com"}),
		criteria.original_user_email({"ends_with": "@companydomain.com"}),
	]),
	"deny": logic.any_of([]),
}
`,
  },
  'every operator, and both actions': {
    policy: `
- allow:
    and:
      - authenticated_user: true
      - claim/role: admin
    not:
      - user: {in: [eve, mallory]}
- deny:
    nor:
      - http_method: GET
- allow:
    or:
      - accept: true
`,
    rego: `import data.behalf.criteria
import data.behalf.logic

verdict := {
	"allow": logic.any_of([
		logic.all_of([
			criteria.authenticated_user,
			criteria.claim("role", {"has": "admin"}),
		]),
		logic.none_of([
			criteria.user({"in": ["eve", "mallory"]}),
		]),
		logic.any_of([
			criteria.accept,
		]),
	]),
	"deny": logic.not_all_of([
		criteria.http_method({"is": "GET"}),
	]),
}
`,
  },
  'empty blocks are left out, and an import that nothing uses': {
    policy: 'allow: {and: [], or: []}\ndeny: {}\n',
    rego: `import data.behalf.logic

verdict := {
	"allow": logic.any_of([]),
	"deny": logic.any_of([]),
}
`,
  },
  'what cannot be seen is escaped, what can is not': {
    policy: 'allow: {or: [{user: "\\"Jörg\\\\\\n\\u2028\\u202E\\uFEFF😀"}]}\n',
    rego: `import data.behalf.criteria
import data.behalf.logic

verdict := {
	"allow": logic.any_of([
		criteria.user({"is": "\\"Jörg\\\\\\n\\u2028\\u202e\\ufeff😀"}),
	]),
	"deny": logic.any_of([]),
}
`,
  },
};

describe('a policy is this Rego', () => {
  test.each(Object.entries(GOLDEN))('%s', (_, { policy, rego }) => {
    const { modules, data } = writeRego(configOf({ r0: parsePolicyText(policy, 'behalf.yaml') }));
    const [id] = Object.values(data.routes).map((route) => route.policy);
    expect(id).toMatch(/^p_[0-9a-f]{12}$/);
    expect(modules).toEqual({ [`policies/${id}.rego`]: `package policies.${id}\n\n${rego}` });
  });
});

test('generated Rego is as opa fmt would have it, with and without comments', async () => {
  const long = `allow: {or: [${Array.from({ length: 101 }, (_, at) => `{user: u${at}}`)}]}`;
  const texts = [long, ...Object.values(GOLDEN).map(({ policy }) => policy)];
  const policies = texts.map((text, at) => [`r${at}`, parsePolicyText(text, 'behalf.yaml')]);
  const { modules, sources } = writeRego(configOf(Object.fromEntries(policies)));
  const folder = await mkdtemp(join(tmpdir(), 'behalf-fmt-'));
  try {
    for (const [at, [path, text]] of Object.entries(modules).entries()) {
      await writeFile(join(folder, `${at}.rego`), text);
      await writeFile(join(folder, `${at}-printed.rego`), printRego({ modules: { [path]: text }, sources }));
    }
    expect(await runOpa(['fmt', '--list', '--fail', folder])).toBe(0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('routes are data: name, policy and whether identity headers pass', () => {
  const accept = parsePolicyText('allow: {or: [{accept: true}]}', 'behalf.yaml');
  const config = configOf({ r0: accept, r1: accept });
  const [first, second] = config.routes;
  if (first === undefined || second === undefined) throw new Error('two routes');
  const routes = [first, { ...second, name: 'API', passIdentityHeaders: true }];
  const { modules, data } = writeRego({ ...config, routes });
  expect(Object.keys(modules)).toHaveLength(1);
  const [policy] = Object.values(data.routes).map((route) => route.policy);
  expect(data).toMatchObject({
    routes: {
      r0: { name: 'route r0', policy, pass_identity_headers: false },
      r1: { name: 'API', policy, pass_identity_headers: true },
    },
  });
});

describe('positions are kept beside the text', () => {
  const first = parsePolicyText('allow: {or: [{accept: true}, {user: a}]}', 'behalf.yaml');
  const moved = parsePolicyText('# moved\n\nallow:\n  or:\n    - accept: null\n    - user: a\n', 'other.yaml');

  test('a line that moved changes no module', () => {
    expect(writeRego(configOf({ r0: moved })).modules).toEqual(writeRego(configOf({ r0: first })).modules);
  });

  test('a printed module names its routes, and behind each criterion every place where it stands', () => {
    const written = writeRego(configOf({ r0: first, r1: moved, r2: first }));
    const [id] = Object.values(written.data.routes).map(({ policy }) => policy);
    expect(printRego(written)).toBe(`# route r0, behalf.yaml:1:1
# route r1, behalf.yaml:1:1
# route r2, behalf.yaml:1:1
package policies.${id}

import data.behalf.criteria
import data.behalf.logic

verdict := {
	"allow": logic.any_of([
		criteria.accept, # behalf.yaml:1:15, other.yaml:5:7
		criteria.user({"is": "a"}), # behalf.yaml:1:31, other.yaml:6:7
	]),
	"deny": logic.any_of([]),
}
`);
  });

  test('a hostile name stays in its comment', () => {
    const config = configOf({ r0: first });
    const routes = config.routes.map((route): Config['routes'][number] => ({
      ...route,
      name: 'a\nallow := true\r\u2028',
    }));
    expect(printRego(writeRego({ ...config, routes }))).toMatch(
      /^# a\\nallow := true\\r\\u2028, behalf.yaml:1:1\npackage /,
    );
  });
});
