import type { Config, Route } from '../../src/config/config.ts';
import { parseConfig } from '../../src/config/parse-config.ts';
import { BehalfError } from '../../src/errors.ts';

/** The configuration of a case, with its first route; or why it is refused. */
export type LoadedCase =
  | { readonly config: Config; readonly route: Route; readonly refusal: null }
  | { readonly config: null; readonly route: null; readonly refusal: string };

type Keys = Readonly<Record<string, unknown>>;

/** Loads a route as a file with these global keys holds it, before others. Only what a case leaves out is filled in. */
export function loadCase(route: Keys | null | undefined, globals: Keys = {}, others: readonly Keys[] = []): LoadedCase {
  const routes = [route, ...others].map((keys) => {
    const target = keys?.['redirect'] === undefined ? { to: 'http://127.0.0.1:1' } : {};
    return { from: 'https://from.example.com', ...target, ...keys };
  });
  const server = 'certificate' in globals ? {} : { insecure_server: true };
  try {
    // Each JSON text is a YAML text too.
    const { config } = parseConfig(JSON.stringify({ ...server, ...globals, routes }), 'case.yaml');
    const [first] = config.routes;
    if (first === undefined) throw new TypeError('a configuration without a route');
    return { config, route: first, refusal: null };
  } catch (error) {
    if (!(error instanceof BehalfError) || error.code !== 'ERR_CONFIG_INVALID') throw error;
    return { config: null, route: null, refusal: error.message };
  }
}
