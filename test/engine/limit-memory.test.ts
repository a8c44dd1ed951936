import { expect, test } from 'vitest';
import { limitMemory } from '../../src/engine/limit-memory.ts';

/** `\0asm` and version 1. */
const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
/** A custom section called `x`, of 130 bytes, so that its size takes two. */
const CUSTOM = [0, 0x82, 0x01, 1, 0x78, ...Array.from({ length: 128 }, () => 7)];
/** Exports memory 0 as `m`. */
const EXPORT = [7, 5, 1, 1, 0x6d, 2, 0];

test('a memory that had no end ends where it is told to', async () => {
  const memory = [5, 3, 1, 0, 2];
  const limited = limitMemory(Uint8Array.from([...HEADER, ...CUSTOM, ...memory, ...EXPORT]), 300);
  const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(limited), {});
  const { m } = exports as { m: WebAssembly.Memory };
  expect(m.buffer.byteLength).toBe(2 * 65_536);
  expect(m.grow(298)).toBe(2);
  expect(() => m.grow(1)).toThrow(RangeError);
});

test.for([
  ['has no memory', HEADER],
  ['has a memory with an end', [...HEADER, 5, 4, 1, 1, 2, 3]],
  ['has two memories', [...HEADER, 5, 5, 2, 0, 1, 0, 1]],
  ['is cut off', [...HEADER, 0, 0x82]],
] as const)('a module that %s is refused', ([, bytes]) => {
  expect(() => limitMemory(Uint8Array.from(bytes), 300)).toThrow(
    new TypeError('not a module with one memory of its own, without an end'),
  );
});
