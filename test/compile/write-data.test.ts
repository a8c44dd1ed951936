import { describe, expect, test } from 'vitest';
import { writeData } from '../../src/compile/write-data.ts';
import type { Config, Criterion, HeaderPart, Policy, PolicyRule, Route } from '../../src/config/config.ts';
import { configOf, locate, NOWHERE } from './config-of.ts';

const text = (text: string): HeaderPart => ({ kind: 'text', text });

function write(routes: Readonly<Record<string, Partial<Route>>>, over: Partial<Config> = {}) {
  const config = configOf(Object.fromEntries(Object.keys(routes).map((id) => [id, { rules: [], rego: [] }])));
  const changed = config.routes.map((route) => ({ ...route, ...routes[route.id] }));
  return writeData(
    { ...config, routes: changed, ...over },
    Object.fromEntries(changed.map(({ id }) => [id, `p_${id}`])),
  );
}

test('a route that sets nothing', () => {
  expect(write({ r0: {} })).toEqual({
    data: {
      routes: {
        r0: {
          name: 'route r0',
          policy: 'p_r0',
          pass_identity_headers: false,
          issuer_format: 'host_only',
          carries_unverified: false,
          groups_filter: null,
          claim_headers: [],
          set_request_headers: [],
          template_request_headers: [],
          remove_request_headers: [],
          set_response_headers: [],
          rewrite_response_headers: [],
        },
      },
    },
    headerTexts: [],
  });
});

test('options of a route and of all routes', () => {
  const claimHeaders = [{ name: 'x-team', claim: 'team' }];
  const { data } = write(
    { r0: { passIdentityHeaders: true, issuerFormat: 'uri' }, r1: {} },
    { claimHeaders, originalUser: 'unverified' },
  );
  expect(data.routes).toMatchObject({
    r0: { pass_identity_headers: true, issuer_format: 'uri', carries_unverified: true, claim_headers: claimHeaders },
    r1: {
      pass_identity_headers: false,
      issuer_format: 'host_only',
      carries_unverified: true,
      claim_headers: claimHeaders,
    },
  });
});

test('texts are numbered, each once, and stay out of the data', () => {
  const { data, headerTexts } = write({
    r0: {
      setRequestHeaders: [
        { name: 'x-key', parts: [text('s3cret')] },
        { name: 'authorization', parts: [text('Bearer '), { kind: 'jwt' }] },
        {
          name: 'x-known',
          parts: [
            { kind: 'token', token: 'id_token' },
            { kind: 'request_header', name: 'x-jwt' },
            { kind: 'client_certificate', fact: 'san_dns' },
          ],
        },
        { name: 'x-empty', parts: [] },
      ],
      removeRequestHeaders: ['x-debug'],
      setResponseHeaders: [{ name: 'x-frame-options', parts: [text('DENY')] }],
      rewriteResponseHeaders: [{ name: 'location', prefix: 'http://10.0.0.1/', value: '' }],
    },
    r1: {
      setRequestHeaders: [{ name: 'x-key', parts: [text('s3cret')] }],
      setResponseHeaders: [{ name: 'x-frame-options', parts: [text('SAMEORIGIN')] }],
    },
  });
  expect(data.routes).toMatchObject({
    r0: {
      set_request_headers: [
        { action: 'set', name: 'x-key', value: [{ config: headerTexts.indexOf('s3cret') }] },
        { action: 'set', name: 'x-empty', value: [] },
      ],
      template_request_headers: [
        { name: 'authorization', value: [{ config: headerTexts.indexOf('Bearer ') }, { jwt: true }] },
        {
          name: 'x-known',
          value: [{ token: 'id_token' }, { request_header: 'x-jwt' }, { client_certificate: 'san_dns' }],
        },
      ],
      remove_request_headers: [{ action: 'remove', name: 'x-debug' }],
      set_response_headers: [
        { action: 'set', name: 'x-frame-options', value: [{ config: headerTexts.indexOf('DENY') }] },
      ],
      rewrite_response_headers: [
        {
          action: 'rewrite',
          name: 'location',
          prefix: [{ config: headerTexts.indexOf('http://10.0.0.1/') }],
          value: [{ config: headerTexts.indexOf('') }],
        },
      ],
    },
    r1: { set_request_headers: [{ value: [{ config: headerTexts.indexOf('s3cret') }] }] },
  });
  expect(headerTexts.toSorted()).toEqual(['', 'Bearer ', 'DENY', 'SAMEORIGIN', 'http://10.0.0.1/', 's3cret']);
  expect(JSON.stringify(data)).not.toContain('s3cret');
});

describe('the groups that assertions may name', () => {
  const criterion = (key: string, data: unknown): Criterion => {
    const [name = '', subpath = null] = key.split('/');
    return { name, subpath, data: locate(data), position: NOWHERE };
  };
  const rule = (action: PolicyRule['action'], criteria: Criterion[]): PolicyRule => ({
    action,
    blocks: [{ operator: 'or', criteria, position: NOWHERE }],
    position: NOWHERE,
  });
  const policy: Policy = {
    rules: [
      rule('allow', [criterion('groups', 'eng'), criterion('email', 'a@x.com'), criterion('accept', true)]),
      rule('deny', [
        criterion('groups', { has: 'ops', exclude: '__proto__' }),
        criterion('claim/groups', 'admin'),
        criterion('claim/roles', 'root'),
        criterion('original_user/groups', 'theirs'),
      ]),
    ],
    rego: [],
  };
  const cases: Record<string, [route: Partial<Route>, groups: string[] | null]> = {
    all: [{ policy }, null],
    'those of the filter': [{ policy, groupsFilter: ['a', 'b'] }, ['a', 'b']],
    'those of the policy': [{ policy, namesGroupsOfPolicy: true }, ['__proto__', 'admin', 'eng', 'ops']],
    'those of both': [
      { policy, namesGroupsOfPolicy: true, groupsFilter: ['a', 'eng'] },
      ['__proto__', 'a', 'admin', 'eng', 'ops'],
    ],
    'none, as the policy names none': [{ namesGroupsOfPolicy: true }, []],
  };
  test.each(Object.entries(cases))('%s', (_, [route, groups]) => {
    const filter = write({ r0: route }).data.routes['r0']?.groups_filter ?? null;
    expect(filter === null ? null : Object.keys(filter).toSorted()).toEqual(groups);
  });
});
