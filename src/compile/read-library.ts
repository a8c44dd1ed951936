import { listAssets, readTextAsset } from '../assets.ts';

export interface Library {
  /** Rego by its path in the repository, without the tests. */
  readonly modules: Readonly<Record<string, string>>;
  /** The text of OPA's capabilities document: what works in WASM here. */
  readonly capabilities: string;
}

/** Reads the policy library, which every configuration is compiled with. */
export function readLibrary(): Library {
  const paths = listAssets('policy').filter((path) => path.endsWith('.rego') && !path.endsWith('_test.rego'));
  return {
    modules: Object.fromEntries(paths.map((path) => [path, readTextAsset(path)])),
    capabilities: readTextAsset('policy/capabilities.json'),
  };
}
