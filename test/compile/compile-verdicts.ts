import { readLibrary } from '../../src/compile/read-library.ts';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Config } from '../../src/config/config.ts';
import type { InputDocument } from '../../src/engine/documents.ts';
import { loadHost } from '../../src/engine/load-host.ts';
import { openInstance } from '../../src/engine/open-instance.ts';
import { startCompiler } from '../../src/opa/start-compiler.ts';

export interface Side {
  readonly value: boolean;
  readonly reasons: readonly string[];
}

export interface Verdict {
  readonly allow: Side;
  readonly deny: Side;
}

export interface Verdicts {
  /** The verdict of the route that the input document names, reasons sorted. */
  judge(input: InputDocument): Verdict;
  /** What another rule, one of `rules`, says. */
  evaluate(rule: string, input: InputDocument): unknown;
}

const DISPATCH = 'package behalf_test\n\nverdict := data.policies[data.routes[input.route.id].policy].verdict\n';

/**
 * Compiles all policies of a configuration to one WASM module that gives their verdicts instead of decisions.
 *
 * @param extra more modules by path
 * @param rules entrypoints among them, such as `package/rule`
 */
export async function compileVerdicts(
  config: Config,
  extra: Readonly<Record<string, string>> = {},
  rules: readonly string[] = [],
): Promise<Verdicts> {
  const { modules, data } = writeRego(config);
  const library = readLibrary();
  const entrypoints = ['behalf_test/verdict', ...rules];
  await using compiler = startCompiler();
  const wasm = await compiler.compile({
    modules: { ...library.modules, ...modules, ...extra, 'dispatch.rego': DISPATCH },
    entrypoints,
    capabilities: library.capabilities,
  });
  const instance = openInstance(await WebAssembly.compile(wasm), data, await loadHost());
  const evaluate = (rule: string, input: InputDocument) =>
    JSON.parse(instance.evaluate(JSON.stringify(input), entrypoints.indexOf(rule), input.time_ns))[0]?.result;
  const sorted = ({ value, reasons }: Side): Side => ({ value, reasons: reasons.toSorted() });
  return {
    evaluate,
    judge(input) {
      const { allow, deny } = evaluate('behalf_test/verdict', input) as Verdict;
      return { allow: sorted(allow), deny: sorted(deny) };
    },
  };
}
