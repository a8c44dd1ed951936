const HEADER_BYTES = 8;
const MEMORY_SECTION = 5;
/** A memory of which only the least size is given, and one of which both are. */
const UNBOUNDED = 0;
const BOUNDED = 1;

/**
 * The WebAssembly module with an end to the memory that it makes for itself, in pages of 64 KiB: Go's linker sets none.
 * TypeError for a module without such a memory, or with an end of its own (WebAssembly core specification, 5.5.8).
 */
export function limitMemory(wasm: Uint8Array, pages: number): Uint8Array<ArrayBuffer> {
  let at = HEADER_BYTES;
  while (at < wasm.length) {
    const size = readNumber(wasm, at + 1);
    if (wasm[at] !== MEMORY_SECTION) {
      at = size.end + size.value;
      continue;
    }
    const count = readNumber(wasm, size.end);
    if (count.value !== 1 || wasm[count.end] !== UNBOUNDED) break;
    const least = readNumber(wasm, count.end + 1);
    const body = [1, BOUNDED, ...writeNumber(least.value), ...writeNumber(pages)];
    const section = [MEMORY_SECTION, ...writeNumber(body.length), ...body];
    return Buffer.concat([wasm.subarray(0, at), Uint8Array.from(section), wasm.subarray(least.end)]);
  }
  throw new TypeError('not a module with one memory of its own, without an end');
}

/** LEB128. */
function readNumber(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  for (let end = at, shift = 0; end < bytes.length; shift += 7) {
    const byte = bytes[end++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return { value, end };
  }
  return { value, end: bytes.length };
}

function writeNumber(value: number): number[] {
  return value < 0x80 ? [value] : [0x80 | (value & 0x7f), ...writeNumber(Math.floor(value / 0x80))];
}
