import { beforeAll, describe, expect, test } from 'vitest';
import { findRefusal } from '../../src/cases/find-refusal.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Decision } from '../../src/engine/documents.ts';
import { parseSigningKey } from '../../src/identity/parse-signing-key.ts';
import { signAssertion } from '../../src/identity/sign-assertion.ts';
import { generatePrivateKey, type SigningAlgorithm } from '../../src/signing-algorithms.ts';
import { inputOf } from '../compile/input-of.ts';

const HOST = 'app.example.com';
const input = inputOf('r0', { caller: { id: 'ada', groups: ['x'.repeat(4000)] } });
const { groups = [] } = input.caller ?? {};
const claims = {
  iss: HOST,
  aud: HOST,
  sub: 'ada',
  user: 'ada',
  email: '',
  name: '',
  groups,
  sid: 's1',
  caller_type: 'user',
} as const;

/** Signs an assertion of some 6 KB, and sets a header of so many bytes. */
const adds = (bytes: number): Decision => ({
  allow: true,
  status: 200,
  reasons: [],
  request_headers: [
    { action: 'sign', name: 'x-pomerium-jwt-assertion', claims },
    { action: 'set', name: 'x-a', value: 'a'.repeat(bytes - 'x-a: \r\n'.length) },
    { action: 'carry', name: 'x-pomerium-jwt-assertion-for', from: 'original_user' },
  ],
  response_headers: [],
});
const open = (pem?: string, route: object = { to: 'http://127.0.0.1:1' }) =>
  parseConfig(
    JSON.stringify({
      insecure_server: true,
      ...(pem && { signing_key: pem }),
      routes: [{ from: `http://${HOST}`, ...route }],
    }),
    'behalf.yaml',
  ).config;

describe('a request with more headers than upstreams take is refused, to the byte', () => {
  const sizes = new Map<string, number>();
  const pems = new Map<string, string>();
  beforeAll(() => {
    for (const alg of ['ES256', 'RS256', 'EdDSA'] as const satisfies readonly SigningAlgorithm[]) {
      const pem = generatePrivateKey(alg);
      const key = parseSigningKey(pem);
      if (key === null) throw new Error('no key');
      pems.set(alg, pem);
      const { token } = signAssertion(claims, null, key, () => true);
      sizes.set(alg, `x-pomerium-jwt-assertion: ${token}\r\n`.length);
    }
  });
  test.each(['ES256', 'RS256', 'EdDSA', null])('signed with a key of %s', (alg) => {
    const size = sizes.get(alg ?? 'ES256') ?? 0;
    const find = (bytes: number) => findRefusal(open(pems.get(alg ?? '')), input, adds(bytes), []);
    expect(find(8192 - size)).toBe(null);
    expect(find(8193 - size)).toMatchObject({
      code: 'ERR_HEADERS_TOO_LARGE',
      message: `8193 bytes of headers are to be added, and 8192 are the limit: x-pomerium-jwt-assertion ${size}, x-a ${8193 - size}`,
    });
  });
});

test('what goes no further is not weighed', () => {
  const huge = adds(9000);
  expect(findRefusal(open(), input, huge, [])).not.toBe(null);
  expect(findRefusal(open(), input, { ...huge, allow: false, status: 403 }, [])).toBe(null);
  expect(findRefusal(open(undefined, { redirect: { https_redirect: true } }), input, huge, [])).toBe(null);
});
