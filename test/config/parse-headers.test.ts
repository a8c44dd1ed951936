import { describe, expect, test } from 'vitest';
import type { HeaderPart } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { parseTemplate } from '../../src/config/parse-template.ts';
import { makeCertificate } from '../support/make-certificate.ts';

/** The configuration with these global keys and this one route, as JSON, which is YAML. */
const parse = (global: object, route: object = {}, clear: object = { insecure_server: true }) => {
  const routes = [{ from: 'https://a', to: 'https://b', allow_any_authenticated_user: true, ...route }];
  return parseConfig(JSON.stringify({ ...clear, ...global, routes }), 'b.yaml').config;
};

describe('parseTemplate', () => {
  // `<a,b>` is a reference, as in Pomerium's internal/headertemplate/headertemplate_test.go.
  const templates: Record<string, string> = {
    '': '',
    'x $$ y $$ z': 'x $ y $ z',
    [`\${x.y.z}`]: '<x,y,z>',
    [`\${   x   .\ty .  z }`]: '<x,y,z>',
    [`\${x["y"].z}`]: '<x,y,z>',
    [`\${ x [ "y" ] [ "z" ] }`]: '<x,y,z>',
    '${x["': '${x["',
    '${': '${',
    [`\${}`]: `\${}`,
    [`\${x["\\\\"]}`]: '<x,\\>',
    [`\${x["\\""]}`]: '<x,">',
    '$pomerium.jwt': '<pomerium,jwt>',
    [`a $x.y-z, \${b}!`]: 'a <x,y-z>, <b>!',
    '$pomerium.request.headers.X-Access-Token': '<pomerium,request,headers,X-Access-Token>',
    [`\${pomerium.request.headers["X-Access-Token"]}`]: '<pomerium,request,headers,X-Access-Token>',
    [`$$\${x}$$$x$`]: '$<x>$<x>$',
    [`$\${x}`]: `\${x}`,
    '$a. $a.. $.a $ $-': '$a. $a.. $.a $ <->',
    [`\${a.\${b}}`]: `\${a.<b>}`,
    '${a': '${a',
    [`\${a b}`]: `\${a b}`,
    'é$x€': 'é<x>€',
  };
  test.each(Object.entries(templates))('%s', (template, rendered) => {
    const parts = parseTemplate(template);
    expect(parts.map((part) => (part.kind === 'text' ? part.text : `<${part.path}>`)).join('')).toBe(rendered);
    expect(parts.some((part, i) => part.kind === 'text' && parts[i + 1]?.kind === 'text')).toBe(false);
  });

  test('a hostile template costs no more than its length', () => {
    for (const piece of ['${', '${a.', '${a["', '${a["\\', '$', '$a.', '${a  ', '${a["b"]']) {
      expect(parseTemplate(piece.repeat(20_000)).length).toBeLessThan(20_001);
    }
  });
});

test('references in set_request_headers', () => {
  const references: Record<string, HeaderPart> = {
    'pomerium.jwt': { kind: 'jwt' },
    'pomerium["id_token"]': { kind: 'token', token: 'id_token' },
    'pomerium.access_token': { kind: 'token', token: 'access_token' },
    'pomerium.request.headers["X-Jwt"]': { kind: 'request_header', name: 'x-jwt' },
    'pomerium.request.headers.X_Team': { kind: 'request_header', name: 'x_team' },
    'pomerium.client_cert_fingerprint': { kind: 'client_certificate', fact: 'fingerprint' },
    'pomerium.client_cert_san_dns': { kind: 'client_certificate', fact: 'san_dns' },
    'pomerium.client_cert_san_email': { kind: 'client_certificate', fact: 'san_email' },
  };
  const headers = Object.fromEntries(Object.keys(references).map((path, at) => [`x-${at}`, `a \${${path}}`]));
  expect(parse({}, { set_request_headers: headers }).routes[0]?.setRequestHeaders).toEqual(
    Object.values(references).map((part, at) => ({ name: `x-${at}`, parts: [{ kind: 'text', text: 'a ' }, part] })),
  );
});

test.each<[what: string, signIn: object, ...warnings: string[]]>([
  [
    'that no caller has is warned of',
    {},
    '"x-id" is never sent: no browser signs in without "authenticate_service_url" and "idp_provider"',
  ],
  [
    'of whoever signs in is not',
    {
      authenticate_service_url: 'https://auth',
      idp_provider: 'google',
      idp_client_id: 'x',
    },
  ],
])('a token %s', (_, signIn, ...warnings) => {
  const headers = { 'X-Jwt': `\${pomerium.jwt}`, 'X-Id': `\${pomerium.id_token}` };
  const routes = [{ from: 'https://a', to: 'https://b', policy: { allow: { or: [{ accept: true }] } } }];
  const text = JSON.stringify({
    insecure_server: true,
    ...signIn,
    routes: [{ ...routes[0], set_request_headers: headers }],
  });
  expect(parseConfig(text, 'b.yaml').warnings.map(({ message }) => message)).toEqual(warnings);
});

test('rewrite_response_headers', () => {
  const rewrites = [
    { header: 'Location', prefix: 'http://localhost:8000/two/', value: 'http://frontend/one/' },
    { header: 'Set-Cookie', prefix: 'session=', value: '' },
  ];
  expect(parse({}, { rewrite_response_headers: rewrites }).routes[0]?.rewriteResponseHeaders).toEqual([
    { name: 'location', prefix: 'http://localhost:8000/two/', value: 'http://frontend/one/' },
    { name: 'set-cookie', prefix: 'session=', value: '' },
  ]);
});

describe('groups in assertions', () => {
  const cases: Record<string, [global: object, route: object, filter: string[] | null, ofPolicy: boolean]> = {
    all: [{}, {}, null, false],
    'global and route': [{ jwt_groups_filter: ['a', 'b'] }, { jwt_groups_filter: ['c'] }, ['a', 'b', 'c'], false],
    'of the route alone': [{}, { jwt_groups_filter: ['c'] }, ['c'], false],
    'of the policy, for all routes': [{ jwt_groups_of_policy: true }, {}, null, true],
    'of the policy, but for this route': [{ jwt_groups_of_policy: true }, { jwt_groups_of_policy: false }, null, false],
  };
  test.each(Object.entries(cases))('%s', (_, [global, own, groupsFilter, namesGroupsOfPolicy]) => {
    expect(parse(global, own).routes[0]).toMatchObject({ groupsFilter, namesGroupsOfPolicy });
  });

  test('those of a policy in Rego are not known, which is warned of', () => {
    const route = { from: 'https://a', to: 'https://b', policy: [{ rego: 'package a.b\n\nallow := true\n' }] };
    const text = JSON.stringify({ insecure_server: true, jwt_groups_of_policy: true, routes: [route] });
    expect(parseConfig(text, 'b.yaml').warnings.map(({ message }) => message)).toEqual([
      'the groups that Rego reads are not known to "jwt_groups_of_policy", and left out of assertions: name them in "jwt_groups_filter"',
    ]);
  });
});

test('set_request_headers', () => {
  const headers = {
    'X-Team': 'blue',
    Authorization: `Bearer \${pomerium.jwt}`,
    'X-Price': '5 $$',
    'X-Shell': `$\${HOME} $$\${pomerium.jwt} $`,
    'X-Empty': '',
    'X-1': 1,
  };
  const text = (written: string): HeaderPart => ({ kind: 'text', text: written });
  expect(parse({}, { set_request_headers: headers }).routes[0]?.setRequestHeaders).toEqual([
    { name: 'x-team', parts: [text('blue')] },
    { name: 'authorization', parts: [text('Bearer '), { kind: 'jwt' }] },
    { name: 'x-price', parts: [text('5 $')] },
    { name: 'x-shell', parts: [text(`\${HOME} $`), { kind: 'jwt' }, text(' $')] },
    { name: 'x-empty', parts: [] },
    { name: 'x-1', parts: [text('1')] },
  ]);
});

describe('jwt_claims_headers', () => {
  const cases: Record<string, [written: unknown, headers: Record<string, string>]> = {
    map: [
      { 'X-Email': 'email', 'X-Pomerium-Claim-Dept': 'Org.Dept' },
      { 'x-email': 'email', 'x-pomerium-claim-dept': 'Org.Dept' },
    ],
    list: [['x', 'y'], { 'x-pomerium-claim-x': 'x', 'x-pomerium-claim-y': 'y' }],
    'text with commas': ['a,b,c', { 'x-pomerium-claim-a': 'a', 'x-pomerium-claim-b': 'b', 'x-pomerium-claim-c': 'c' }],
    'text with commas and spaces': [' x, y ', { 'x-pomerium-claim-x': 'x', 'x-pomerium-claim-y': 'y' }],
    'a claim with capitals': [['CUSTOM_KEY'], { 'x-pomerium-claim-custom_key': 'CUSTOM_KEY' }],
    nothing: [{}, {}],
  };
  test.each(Object.entries(cases))('%s', (_, [written, headers]) => {
    const { claimHeaders } = parse({ jwt_claims_headers: written });
    expect(Object.fromEntries(claimHeaders.map(({ name, claim }) => [name, claim]))).toEqual(headers);
  });
});

describe('set_response_headers', async () => {
  const { certificate, key } = await makeCertificate('a');
  const XFO = { 'x-frame-options': 'SAMEORIGIN' };
  const XSS = { 'x-xss-protection': '1; mode=block' };
  const HSTS = { 'strict-transport-security': 'max-age=31536000; includeSubDomains; preload' };
  const cases: Record<string, [global: object | null, servesTls: boolean, route: object | null, headers: object]> = {
    defaults: [null, false, null, { ...XFO, ...XSS }],
    'defaults with a certificate': [null, true, null, { ...XFO, ...XSS, ...HSTS }],
    'a global value in place of all defaults': [
      { 'X-Frame-Options': 'DENY' },
      true,
      null,
      { 'x-frame-options': 'DENY' },
    ],
    'none at all': [{}, true, null, {}],
    disabled: [{ disable: '1', 'x-other': 'xyz' }, false, null, {}],
    'disabled by a boolean': [{ disable: true }, false, null, {}],
    'disabled, but for a route': [{ disable: 1 }, false, { x: 'y' }, { x: 'y' }],
    'disabled for a route': [{ x: 'y' }, false, { disable: true, z: '1' }, {}],
    'a default that a route replaces': [
      null,
      true,
      { 'X-Frame-Options': 'DENY' },
      { ...XFO, ...XSS, ...HSTS, 'x-frame-options': 'DENY' },
    ],
    'global and route': [{ global: 'foo' }, false, { 'route-1': 'bar' }, { global: 'foo', 'route-1': 'bar' }],
    'a dollar sign': [{ x: `\${pomerium.jwt} $$` }, false, null, { x: `\${pomerium.jwt} $$` }],
  };
  test.each(Object.entries(cases))('%s', (_, [global, servesTls, route, headers]) => {
    const { routes } = parse(
      global === null ? {} : { set_response_headers: global },
      route === null ? {} : { set_response_headers: route },
      servesTls ? { certificate, certificate_key: key } : { insecure_server: true },
    );
    const written = routes[0]?.setResponseHeaders.map(({ name, parts: [part] }) => [
      name,
      part?.kind === 'text' && part.text,
    ]);
    expect(Object.fromEntries(written ?? [])).toEqual(headers);
  });
});
