import { expect, test } from 'vitest';
import { writeData } from '../../src/compile/write-data.ts';
import type { Config, HeaderPart, Route } from '../../src/config/config.ts';
import { configOf } from './config-of.ts';

const text = (text: string): HeaderPart => ({ kind: 'text', text });

function write(routes: Readonly<Record<string, Partial<Route>>>, over: Partial<Config> = {}) {
  const config = configOf(Object.fromEntries(Object.keys(routes).map((id) => [id, { rules: [] }])));
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
          claim_headers: [],
          set_request_headers: [],
          jwt_request_headers: [],
          remove_request_headers: [],
          set_response_headers: [],
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
        { name: 'x-empty', parts: [] },
      ],
      removeRequestHeaders: ['x-debug'],
      setResponseHeaders: [{ name: 'x-frame-options', parts: [text('DENY')] }],
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
      jwt_request_headers: [
        { name: 'authorization', value: [{ config: headerTexts.indexOf('Bearer ') }, { jwt: true }] },
      ],
      remove_request_headers: [{ action: 'remove', name: 'x-debug' }],
      set_response_headers: [
        { action: 'set', name: 'x-frame-options', value: [{ config: headerTexts.indexOf('DENY') }] },
      ],
    },
    r1: { set_request_headers: [{ value: [{ config: headerTexts.indexOf('s3cret') }] }] },
  });
  expect(headerTexts.toSorted()).toEqual(['Bearer ', 'DENY', 'SAMEORIGIN', 's3cret']);
  expect(JSON.stringify(data)).not.toContain('s3cret');
});
