import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { COMPILER_PROCESS } from '../../src/opa/compiler-protocol.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';
import { requestFor } from './compile-rego.ts';

const compiler = startCompiler();
afterAll(() => compiler[Symbol.asyncDispose]());

const good = requestFor('package a\n\nx := input.y\n', 'a/x');
const undefinedCalls = Array.from({ length: 12 }, (_, i) => `x${i} := nope${i}(1)`).join('\n');

function problemsOf(...lines: readonly (readonly [place: string, message: string | RegExp])[]) {
  return lines.map(([place, message]) => {
    const [file, line, column] = place.split(':');
    return {
      severity: 'error',
      position: { file, line: Number(line), column: Number(column) },
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    };
  });
}

test('what compiles is a WebAssembly module', async () => {
  const wasm = await compiler.compile(good);
  expect(Buffer.from(wasm).subarray(0, 4).toString('latin1')).toBe('\0asm');
});

test('the same request gives the same bytes', async () => {
  expect(await compiler.compile(good)).toEqual(await compiler.compile(good));
});

describe('every problem has its place', () => {
  const cases: Record<string, { modules: Record<string, string>; problems: ReturnType<typeof problemsOf> }> = {
    'text that does not parse, in two files': {
      modules: { 'one.rego': 'package a\n\nx := {\n', 'two.rego': 'package b\n\nx := 1\n\ny }\n' },
      problems: problemsOf(
        ['one.rego:4:1', 'unexpected eof token'],
        ['one.rego:4:1', /^unexpected eof token: /],
        ['two.rego:5:3', /^unexpected } token/],
      ),
    },
    'more than the ten at which OPA stops': {
      modules: { 'a.rego': `package a\n\n${undefinedCalls}\n` },
      problems: problemsOf(
        ...Array.from(
          { length: 12 },
          (_, i) => [`a.rego:${i + 3}:${i < 10 ? 7 : 8}`, `undefined function nope${i}`] as const,
        ),
      ),
    },
    'a builtin of OPA that has no place here': {
      modules: { 'a.rego': 'package a\n\nx := http.send({"method": "get", "url": input.url}).body\n' },
      problems: problemsOf([
        'a.rego:3:6',
        'undefined function http.send: OPA has it, policy/capabilities.json does not',
      ]),
    },
    'an argument of the wrong type': {
      modules: { 'a.rego': 'package a\n\nx := count(true)\n' },
      problems: problemsOf(['a.rego:3:6', /^count: invalid argument\(s\): have: \(boolean, .*, want: \(any</]),
    },
    'what only strict mode refuses': {
      modules: { 'a.rego': 'package a\n\nimport data.b\n\nf(x) := 1\n' },
      problems: problemsOf(['a.rego:3:1', /^import data\.b unused$/], ['a.rego:5:1', /^unused argument x/]),
    },
    'a file without anything in it': {
      modules: { 'a.rego': 'package a\n\nx := 1\n', 'empty.rego': '' },
      problems: problemsOf(['empty.rego:1:1', 'empty module']),
    },
    'a variable that nothing binds': {
      modules: { 'a.rego': 'package a\n\nx if y > 1\n' },
      problems: problemsOf(['a.rego:3:6', 'var y is unsafe']),
    },
  };

  test.for(Object.entries(cases))('%s', async ([, { modules, problems }]) => {
    const refused = compiler.compile(requestFor(modules, 'a/x'));
    await expect(refused).rejects.toMatchObject({ code: 'ERR_COMPILE_FAILED', problems });
  });

  test('the message has all of them', async () => {
    await expect(compiler.compile(requestFor('package a\n\nx := f(1)\n\ny := g(1)\n', 'a/x'))).rejects.toThrow(
      'Rego does not compile: policy.rego:3:6: undefined function f\npolicy.rego:5:6: undefined function g',
    );
  });
});

describe('what has no place', () => {
  const cases = {
    'an entrypoint that is not there': {
      request: requestFor('package a\n\nx := 1\n', 'a/y'),
      message: 'Rego does not compile: entrypoint "a/y" does not refer to a rule or policy decision',
    },
    'capabilities that are not JSON': {
      request: { ...good, capabilities: '{' },
      message: 'Rego does not compile: unexpected EOF',
    },
  };
  test.for(Object.entries(cases))('%s', async ([, { request, message }]) => {
    await expect(compiler.compile(request)).rejects.toMatchObject({
      code: 'ERR_COMPILE_FAILED',
      message,
      problems: [],
    });
  });
});

describe('the process behind it', () => {
  const children = (): number[] =>
    execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(COMPILER_PROCESS))
      .map((line) => Number.parseInt(line, 10));
  const begunSince = (before: readonly number[]) => children().filter((pid) => !before.includes(pid));

  test('is begun by the first compile and ended by the end of the compiler', async () => {
    const before = children();
    await using own = startCompiler();
    expect(begunSince(before)).toEqual([]);
    await own.compile(good);
    expect(begunSince(before)).toHaveLength(1);
    await own[Symbol.asyncDispose]();
    expect(begunSince(before)).toEqual([]);
  });

  test('ends when idle, and a later call begins another', async () => {
    const before = children();
    await using own = startCompiler({ idleMs: 10 });
    const compiled = await own.compile(good);
    while (begunSince(before).length > 0) await setTimeout(10);
    expect(await own.compile(good)).toEqual(compiled);
  });

  test('that dies fails the call it served; those behind it are served by another', async () => {
    const before = children();
    await using own = startCompiler();
    await own.compile(good);
    const [pid] = begunSince(before);
    if (pid === undefined) throw new Error('no process was begun');
    // So that it cannot have answered before it dies.
    process.kill(pid, 'SIGSTOP');
    const failing = own.compile(good);
    const waiting = own.compile(good);
    await setImmediate();
    process.kill(pid, 'SIGKILL');
    await expect(failing).rejects.toMatchObject({
      code: 'ERR_OPA_FAILED',
      message: "OPA's compiler died: SIGKILL",
    });
    expect(await waiting).toEqual(await compiler.compile(good));
  });

  test('does not hold open the one that began it', () => {
    const script = `
      import { startCompiler } from ${JSON.stringify(join(import.meta.dirname, '../../src/opa/start-compiler.ts'))};
      await startCompiler({ idleMs: 600_000 }).compile(${JSON.stringify(good)});
      console.log('compiled');`;
    const run = spawnSync(process.execPath, ['--input-type=module', '-'], {
      input: script,
      encoding: 'utf8',
      timeout: 50_000,
    });
    expect(run).toMatchObject({ status: 0, stdout: 'compiled\n', stderr: '' });
  });
});
