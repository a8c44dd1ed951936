import type { CompileReply, CompileRequest } from './compiler-protocol.ts';
import { loadOpa, type Opa } from './load-opa.ts';

const loading = loadOpa([]);
loading.catch(() => undefined);

process.on('message', async (request: CompileRequest) => {
  let opa: Opa;
  try {
    opa = await loading;
  } catch (error) {
    process.send?.({ kind: 'failed', message: (error as Error).message } satisfies CompileReply);
    return;
  }
  process.send?.(compile(opa, request));
});

function compile(opa: Opa, request: CompileRequest): CompileReply {
  const text = new TextEncoder().encode(JSON.stringify(request));
  const address = opa.reserve(text.length);
  new Uint8Array(opa.memory.buffer, address, text.length).set(text);
  const compiled = opa.compile() !== 0;
  // Looked at only now: what grows memory replaces its buffer.
  const response = new Uint8Array(opa.memory.buffer, opa.response(), opa.response_size()).slice();
  if (compiled) return { kind: 'compiled', wasm: response };
  return { kind: 'refused', failure: JSON.parse(new TextDecoder().decode(response)) };
}
