import type { Located, Provider } from './config.ts';
import type { Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

/** The provider with whose tokens users sign in; null where there is none. */
export function chooseProvider(fields: Fields<'global'>, tree: Located, problems: Problems): Provider | null {
  const format = fields.bearer_token_format;
  if (fields.idp_provider === undefined) {
    for (const key of ['idp_provider_url', 'idp_client_id', 'idp_client_secret', 'idp_client_secret_file'] as const) {
      const field = fields[key];
      if (field !== undefined) problems.error(field.keyPosition, `"${key}" needs "idp_provider"`);
    }
    if (format?.value !== undefined && format.value !== 'default') {
      problems.error(format.position, `"bearer_token_format: ${format.value}" needs "idp_provider"`);
    }
    return null;
  }
  for (const key of ['idp_provider_url', 'idp_client_id'] as const) {
    if (fields[key] === undefined) problems.error(tree.position, `missing key "${key}", which "idp_provider" needs`);
  }
  const parts = [fields.idp_provider, fields.idp_provider_url, fields.idp_client_id];
  if (parts.every((field) => field?.value !== undefined) && (format === undefined || format.value === 'default')) {
    const advice = 'write "bearer_token_format: idp_identity_token", until Behalf has sign-in with a browser';
    problems.warning(fields.idp_provider.position, `nobody can sign in with the provider: ${advice}`);
  }
  return {
    issuer: fields.idp_provider_url?.value ?? '',
    clientId: fields.idp_client_id?.value ?? '',
    clientSecret: fields.idp_client_secret?.value ?? fields.idp_client_secret_file?.value ?? null,
  };
}
