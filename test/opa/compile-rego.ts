import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompileRequest } from '../../src/opa/compiler-protocol.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';

export const capabilities = readFileSync(join(import.meta.dirname, '../../policy/capabilities.json'), 'utf8');

/** One module, `policy.rego`, or several by path; the entrypoints as OPA names them. */
export function requestFor(rego: string | Record<string, string>, ...entrypoints: string[]): CompileRequest {
  return { modules: typeof rego === 'string' ? { 'policy.rego': rego } : rego, entrypoints, capabilities };
}

/** The WASM of each text, which is a module of `package t` whose `decision` is the entrypoint. */
export async function compileDecisions<Name extends string>(
  texts: Readonly<Record<Name, string>>,
): Promise<Record<Name, Uint8Array>> {
  await using compiler = startCompiler();
  const compiled: [string, Uint8Array][] = [];
  for (const [name, text] of Object.entries<string>(texts)) {
    compiled.push([name, await compiler.compile(requestFor(`package t\n\n${text}\n`, 't/decision'))]);
  }
  return Object.fromEntries(compiled) as Record<Name, Uint8Array>;
}
