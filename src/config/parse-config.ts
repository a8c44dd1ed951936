import { dirname, resolve } from 'node:path';
import type { Problem } from '../errors.ts';
import { checkTogether } from './check-together.ts';
import type { Config, Located, Provider } from './config.ts';
import { type Fields, parseKeys, type Scope } from './parse-keys.ts';
import { parseRoutes } from './parse-routes.ts';
import { parseYaml } from './parse-yaml.ts';
import { collectProblems, type Problems } from './problems.ts';
import { readText } from './read-text.ts';

export interface LoadedConfig {
  readonly config: Config;
  /** Sorted by position. */
  readonly warnings: readonly Problem[];
}

/**
 * Reads a configuration from its text. `file` is what positions name, and relative paths start in its folder; `read`
 * is asked for the files that `_file` keys name.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem
 */
export function parseConfig(text: string, file: string, read: Scope['read'] = readText): LoadedConfig {
  const problems = collectProblems();
  const tree = parseYaml(text, file, problems);
  const config = tree && buildConfig(tree, file, { problems, folder: dirname(resolve(file)), read });
  const { result, warnings } = problems.finish(config);
  return { config: result, warnings };
}

function buildConfig(tree: Located, file: string, scope: Scope): Config | undefined {
  const fields = parseKeys(tree, 'global', scope);
  if (fields === undefined) return undefined;
  const { problems, folder } = scope;
  checkInsecureServer(fields, tree, problems);
  for (const key of ['shared_secret', 'signing_key', 'idp_client_secret'] as const) {
    checkTogether(fields, [key, `${key}_file`], problems);
  }
  if (fields.routes === undefined) problems.error(tree.position, 'missing key "routes"');
  return {
    file,
    address: fields.address?.value ?? { host: '', port: 443 },
    sharedSecret: fields.shared_secret?.value ?? fields.shared_secret_file?.value ?? null,
    signingKey: fields.signing_key?.value ?? fields.signing_key_file?.value ?? null,
    stateDir: resolve(folder, fields.state_dir?.value ?? '.behalf'),
    provider: chooseProvider(fields, tree, problems),
    bearerTokenFormat: fields.bearer_token_format?.value ?? 'default',
    routes: parseRoutes(fields.routes?.value ?? [], fields.pass_identity_headers?.value ?? false, scope),
  };
}

function checkInsecureServer({ insecure_server: field }: Fields<'global'>, tree: Located, problems: Problems): void {
  const advice =
    'Behalf does not serve TLS yet; write "insecure_server: true", and put it behind a TLS terminator or on loopback';
  if (field === undefined) problems.error(tree.position, `missing key "insecure_server": ${advice}`);
  if (field?.value === false) problems.error(field.position, advice);
}

function chooseProvider(fields: Fields<'global'>, tree: Located, problems: Problems): Provider | null {
  if (fields.idp_provider === undefined) {
    for (const key of ['idp_provider_url', 'idp_client_id', 'idp_client_secret', 'idp_client_secret_file'] as const) {
      const field = fields[key];
      if (field !== undefined) problems.error(field.keyPosition, `"${key}" needs "idp_provider"`);
    }
    const format = fields.bearer_token_format;
    if (format?.value === 'idp_identity_token') {
      problems.error(format.position, '"bearer_token_format: idp_identity_token" needs "idp_provider"');
    }
    return null;
  }
  for (const key of ['idp_provider_url', 'idp_client_id'] as const) {
    if (fields[key] === undefined) problems.error(tree.position, `missing key "${key}", which "idp_provider" needs`);
  }
  const parts = [fields.idp_provider, fields.idp_provider_url, fields.idp_client_id];
  if (
    parts.every((field) => field?.value !== undefined) &&
    (fields.bearer_token_format?.value ?? 'default') === 'default'
  ) {
    const advice = 'write "bearer_token_format: idp_identity_token", until Behalf has sign-in with a browser';
    problems.warning(fields.idp_provider.position, `nobody can sign in with the provider: ${advice}`);
  }
  return {
    issuer: fields.idp_provider_url?.value ?? '',
    clientId: fields.idp_client_id?.value ?? '',
    clientSecret: fields.idp_client_secret?.value ?? fields.idp_client_secret_file?.value ?? null,
  };
}
