import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { expect, test } from 'vitest';
import { compilePolicy } from '../../src/compile/compile-policy.ts';
import type { PolicyCache } from '../../src/compile/open-policy-cache.ts';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import { type Compiler, startCompiler } from '../../src/opa/start-compiler.ts';
import { configOf } from './config-of.ts';
import { inputOf } from './input-of.ts';

test('a configuration becomes a module that decides, data beside it, and warnings', async () => {
  await using compiler = startCompiler();
  const policy = parsePolicyText('allow: {or: [{domain: x.com}, {user: 5}]}', 'behalf.yaml');
  const { wasm, data, warnings } = await compilePolicy(configOf({ r0: policy }), compiler);

  const module = await loadPolicy(Uint8Array.from(wasm));
  module.setData(data);
  const decide = (email: string) => module.evaluate(inputOf('r0', { caller: { email } }))[0].result;
  expect(decide('ann@x.com')).toMatchObject({ allow: true, status: 200, reasons: ['domain-ok'] });
  expect(decide('ann@y.org')).toMatchObject({ allow: false, status: 403 });
  expect(warnings.map(({ position }) => position)).toEqual([{ file: 'behalf.yaml', line: 1, column: 38 }]);
});

test('a wrong policy is told before anything is compiled', async () => {
  await using compiler = startCompiler();
  const policy = parsePolicyText('allow: {or: [{email: {}}]}', 'behalf.yaml');
  await expect(compilePolicy(configOf({ r0: policy }), compiler)).rejects.toMatchObject({
    code: 'ERR_CONFIG_INVALID',
    problems: [{ severity: 'error', position: { file: 'behalf.yaml', line: 1, column: 22 } }],
  });
});

test('what is in the cache begins no compiler; what differs is compiled', async () => {
  const kept = new Map<string, Uint8Array>();
  const cache: PolicyCache = {
    find: (hash) => Promise.resolve(kept.get(hash) ?? null),
    put: (hash, wasm) => Promise.resolve(void kept.set(hash, wasm)),
  };
  const allow = (domain: string) =>
    configOf({ r0: parsePolicyText(`allow: {or: [{domain: ${domain}}]}`, 'behalf.yaml') });
  await using compiler = startCompiler();
  const first = await compilePolicy(allow('x.com'), compiler, cache);
  expect(kept.size).toBe(1);

  const none: Compiler = {
    compile: () => Promise.reject(new Error('begun')),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  expect(await compilePolicy(allow('x.com'), none, cache)).toEqual({
    ...first,
    explainFailure: expect.any(Function),
  });
  await expect(compilePolicy(allow('y.com'), none, cache)).rejects.toThrow('begun');
});
