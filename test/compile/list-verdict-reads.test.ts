import { expect, test } from 'vitest';
import { listVerdictReads } from '../../src/compile/list-verdict-reads.ts';
import { parseConfig } from '../../src/config/parse-config.ts';

const NOTHING = { request: ['host'], headers: [], claims: [] };
const cases: Record<string, [route: object, reads: object | undefined]> = {
  'what criteria read': [
    { policy: { allow: { or: [{ http_path: '/a' }, { 'claim/dept': 'x' }, { cors_preflight: true }] } } },
    {
      request: ['host', 'path', 'method'],
      headers: ['origin', 'access-control-request-method'],
      claims: ['dept'],
    },
  ],
  'not what only headers read': [
    {
      policy: { allow: { or: [{ accept: true }] } },
      set_request_headers: { 'x-a': `\${pomerium.request.headers["X-Api-Key"]}` },
    },
    NOTHING,
  ],
  'not the time, and what stands beside it': [
    { policy: { allow: { and: [{ date: { after: '2026-01-01' } }, { 'claim/dept': 'x' }] } } },
    { ...NOTHING, claims: ['dept'] },
  ],
  'nothing is known of Rego': [{ policy: { rego: 'package a\nallow if true\n' } }, undefined],
};
test.each(Object.entries(cases))('%s', (_, [route, reads]) => {
  const routes = [{ from: 'https://a.example.com', to: 'http://127.0.0.1:1', ...route }];
  const text = JSON.stringify({ insecure_server: true, jwt_claims_headers: { 'X-Role': 'role' }, routes });
  expect(listVerdictReads(parseConfig(text, 'b.yaml').config)['r0']).toEqual(reads);
});
