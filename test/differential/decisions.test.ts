import { expect, test } from 'vitest';
import { readLibrary } from '../../src/compile/read-library.ts';
import type { InputDocument } from '../../src/engine/documents.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { evaluateRego } from './evaluate-rego.ts';
import { withFolder } from './with-folder.ts';

/** What both sides of a route's policy say, as the compiler writes it. */
const SIDES: Readonly<Record<string, { allow: string; deny: string }>> = {
  public: { allow: 'criteria.accept', deny: 'logic.any_of([])' },
  closed: { allow: 'criteria.reject', deny: 'logic.any_of([])' },
  company: {
    allow: 'logic.any_of([criteria.domain({"is": "companydomain.com"}), criteria.cors_preflight])',
    deny: 'logic.any_of([criteria.groups({"has": "sales"}), criteria.claim("level", {"has": 9})])',
  },
  certified: { allow: 'criteria.accept', deny: 'logic.any_of([criteria.invalid_client_certificate])' },
  service: {
    allow:
      'logic.all_of([criteria.user({"is": "api-access"}), criteria.original_user_domain({"is": "companydomain.com"})])',
    deny: 'logic.none_of([criteria.http_method({"in": ["GET", "HEAD"]})])',
  },
  negated: {
    allow: 'logic.none_of([criteria.original_user_email({"is": "eve@elsewhere.example"})])',
    deny: 'logic.not_all_of([criteria.http_path({"starts_with": "/reports"}), criteria.accept])',
  },
};

const MODULES = Object.fromEntries(
  Object.entries(SIDES).map(([name, { allow, deny }]) => [
    `policies/${name}.rego`,
    `package policies.${name}\n\nimport data.behalf.criteria\nimport data.behalf.logic\n\nverdict := {"allow": ${allow}, "deny": ${deny}}\n`,
  ]),
);

const CLAIM_HEADERS = ['name', 'groups', 'level', 'address.country', 'email_verified', 'exp', 'missing'].map(
  (claim) => ({
    name: `x-${claim}`,
    claim,
  }),
);

/** All that a configuration can say of headers, or nothing. */
const HEADERS = {
  all: {
    issuer_format: 'uri',
    groups_filter: { engineering: true },
    claim_headers: CLAIM_HEADERS,
    set_request_headers: [{ action: 'set', name: 'x-team', value: [{ config: 0 }] }],
    template_request_headers: [
      { name: 'authorization', value: [{ config: 1 }, { jwt: true }] },
      { name: 'x-accept', value: [{ request_header: 'accept' }] },
      { name: 'x-origin', value: [{ request_header: 'origin' }, { token: 'id_token' }] },
      { name: 'x-certificate', value: [{ client_certificate: 'fingerprint' }, { client_certificate: 'san_dns' }] },
    ],
    remove_request_headers: [{ action: 'remove', name: 'x-debug' }],
    set_response_headers: [{ action: 'set', name: 'x-frame-options', value: [{ config: 2 }] }],
    rewrite_response_headers: [
      { action: 'rewrite', name: 'location', prefix: [{ config: 3 }], value: [{ config: 4 }] },
    ],
  },
  none: {
    issuer_format: 'host_only',
    groups_filter: null,
    claim_headers: [],
    set_request_headers: [],
    template_request_headers: [],
    remove_request_headers: [],
    set_response_headers: [],
    rewrite_response_headers: [],
  },
};

/** Each policy with and without identity headers, one route without a policy, and one that carries what nobody verified. */
const ROUTES = Object.fromEntries(
  [...Object.keys(SIDES), 'absent'].flatMap((policy) =>
    ['passed', 'withheld', 'unverified'].map((identity) => [
      `${policy} ${identity}`,
      {
        name: policy,
        policy,
        pass_identity_headers: identity !== 'withheld',
        carries_unverified: identity === 'unverified',
        ...(identity === 'passed' ? HEADERS.all : HEADERS.none),
      },
    ]),
  ),
);

/** The fixtures of the Rego tests, and as other people, methods and paths; on every route, and on one that is not there. */
async function writeDocuments(): Promise<Record<string, InputDocument>> {
  const fixtures = (await evaluateRego('data.behalf.fixtures_test')) as Record<string, InputDocument>;
  const documents: Record<string, InputDocument> = {};
  for (const [name, fixture] of Object.entries(fixtures).filter(([, fixture]) => 'route' in fixture)) {
    for (const [how, document] of Object.entries(varyDocument(fixture))) {
      for (const id of [...Object.keys(ROUTES), 'unknown']) {
        documents[`${name}, ${how}, ${id}`] = { ...document, route: { id, name: '' } };
      }
    }
  }
  return documents;
}

function varyDocument(document: InputDocument): Record<string, InputDocument> {
  const { request, caller, original_user } = document;
  const foreign = { email: 'eve@elsewhere.example', groups: ['sales'], claims: { level: [9] } };
  const odd = {
    name: ' "Ö"\u2028%0A, \u{1f600} ',
    groups: ['a,b', ' c', 'd\n', '\u007f', '"e"', 'f\\', '<&>', '\u0085', '', '%', 'ok'],
    claims: { level: [5, null, 1.5, 1e21, true, '7'], 'address.country': [null], exp: [1], email_verified: ['', 'x'] },
  };
  return {
    'as it is': document,
    'as others': {
      ...document,
      caller: caller && { ...caller, ...foreign },
      original_user: original_user && { ...original_user, ...foreign },
    },
    'with odd claims': { ...document, caller: caller && { ...caller, ...odd } },
    elsewhere: { ...document, request: { ...request, method: 'POST', path: '/admin' } },
    'as a preflight': {
      ...document,
      request: {
        ...request,
        method: 'OPTIONS',
        headers: { origin: ['https://a.example'], 'access-control-request-method': ['PUT'] },
      },
    },
  };
}

async function decideInInterpreter(documents: Readonly<Record<string, InputDocument>>): Promise<unknown> {
  const query = `{name: decisions |
    some name, document in data.documents
    decisions := [decision | decision := data.behalf.main.decision with input as document]
  }`;
  const files = { ...MODULES, 'data.json': JSON.stringify({ routes: ROUTES, documents }) };
  return await withFolder(files, (folder) => evaluateRego(query, [folder]));
}

async function decideInWasm(documents: Readonly<Record<string, InputDocument>>): Promise<unknown> {
  const library = await readLibrary();
  await using compiler = startCompiler();
  const wasm = await compiler.compile({
    modules: { ...library.modules, ...MODULES },
    entrypoints: ['behalf/main/decision'],
    capabilities: library.capabilities,
  });
  const engine = await loadEngine({ wasm, data: { routes: ROUTES } });
  const decide = (document: InputDocument) => {
    try {
      return [engine.decide(document)];
    } catch (error) {
      expect(error).toMatchObject({ code: 'ERR_ENGINE_FAILED' });
      return [];
    }
  };
  return Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, decide(document)]));
}

// The Rego tests replace `data`; here it is what the compiler and the engine make of it.
test('both engines decide alike, through the dispatch that serves', async () => {
  const documents = await writeDocuments();
  const [interpreted, decided] = await Promise.all([decideInInterpreter(documents), decideInWasm(documents)]);

  expect(decided).toEqual(interpreted);
  const statuses = Object.values(decided as Record<string, { status: number }[]>).map(([it]) => it?.status ?? 503);
  expect(new Set(statuses)).toEqual(new Set([200, 401, 403, 404, 495, 503]));
});
