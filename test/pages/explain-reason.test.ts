import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { explainReason } from '../../src/pages/explain-reason.ts';

const POLICY = resolve(import.meta.dirname, '../../policy');
const codes = globSync('*/*.rego', { cwd: POLICY })
  .filter((file) => !file.endsWith('_test.rego'))
  .flatMap((file) => [...readFileSync(resolve(POLICY, file), 'utf8').matchAll(/^# +code: ([a-z0-9-]+)$/gm)])
  .map(([, code = '']) => code)
  // What is said of a request that passes is never shown.
  .filter((code) => !/(?:-ok|^accept|^cors-request)$/.test(code));

describe('explainReason', () => {
  test('the policy library gives reasons', () => {
    expect(codes).toContain('domain-unauthorized');
  });

  test.each([...new Set(codes)])('has words for %s', (code) => {
    expect(explainReason(code)).toMatch(/^[A-Z].*\.$/);
  });

  test.each(['audience', 'expired', 'forged', 'issuer', 'malformed', 'not-yet-valid', 'revoked', 'unknown'])(
    'has words for a credential that is %s',
    (code) => {
      expect(explainReason(code)).toMatch(/^The credential .*\.$/);
    },
  );

  test('a code of the user’s own stands for itself, whatever it is called', () => {
    expect(explainReason('my-own')).toBe('my-own');
    expect(explainReason('constructor')).toBe('constructor');
  });
});
