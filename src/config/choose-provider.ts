import type { Provider } from './config.ts';
import { NAMED_PROVIDERS, type NamedProvider, type ProviderName } from './named-providers.ts';
import type { Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

/** What says nothing without a provider. */
const PARTS = [
  'idp_provider_url',
  'idp_client_id',
  'idp_client_secret',
  'idp_client_secret_file',
  'idp_scopes',
  'idp_request_params',
  'idp_groups_claim',
  'idp_outage_grace',
] as const;

/** Issuers of Microsoft's that stand for every tenant: their documents name another one, and anybody could sign in. */
const MANY_TENANTS =
  /^https:\/\/login\.(?:microsoftonline\.(?:com|us)|partner\.microsoftonline\.cn)\/(?:common|organizations|consumers)(?:\/|$)/i;

/** Where an issuer describes itself (OpenID Connect Discovery 1.0, section 4). */
const DOCUMENT = /\/\.well-known\/openid-configuration\/?$/;

/** The provider that people sign in with; null where there is none. */
export function chooseProvider(fields: Fields<'global'>, problems: Problems): Provider | null {
  const name = fields.idp_provider;
  if (name === undefined) {
    refuseParts(fields, problems);
    return null;
  }
  const known: NamedProvider | null = name.value === undefined ? null : NAMED_PROVIDERS[name.value];
  if (fields.idp_provider_url === undefined && known?.issuer === null) {
    problems.error(name.keyPosition, 'missing key "idp_provider_url", which "idp_provider" needs');
  }
  if (fields.idp_client_id === undefined) {
    problems.error(name.keyPosition, 'missing key "idp_client_id", which "idp_provider" needs');
  }
  warnOfNobody(fields, problems);
  const issuer = chooseIssuer(fields, name.value, problems);
  return {
    issuer,
    clientId: fields.idp_client_id?.value ?? '',
    clientSecret: fields.idp_client_secret?.value ?? fields.idp_client_secret_file?.value ?? null,
    scopes: fields.idp_scopes?.value ?? known?.scopes(issuer) ?? [],
    requestParams: fields.idp_request_params?.value ?? known?.requestParams ?? {},
    groupsClaim: fields.idp_groups_claim?.value ?? 'groups',
    signedOutParam: known?.signedOutParam ?? 'post_logout_redirect_uri',
  };
}

function refuseParts(fields: Fields<'global'>, problems: Problems): void {
  for (const key of PARTS) {
    const field = fields[key];
    if (field !== undefined) problems.error(field.keyPosition, `"${key}" needs "idp_provider"`);
  }
  const { bearer_token_format: format, authenticate_service_url: url } = fields;
  if (format?.value !== undefined && format.value !== 'default') {
    problems.error(format.position, `"bearer_token_format: ${format.value}" needs "idp_provider"`);
  }
  if (url?.value !== undefined) problems.warning(url.keyPosition, 'nobody can sign in there without "idp_provider"');
}

function warnOfNobody(fields: Fields<'global'>, problems: Problems): void {
  const { idp_provider, idp_provider_url, idp_client_id, bearer_token_format: format } = fields;
  const isRight = [idp_provider, idp_provider_url, idp_client_id].every((field) => field?.value !== undefined);
  const isUsed = fields.authenticate_service_url !== undefined || (format !== undefined && format.value !== 'default');
  if (idp_provider === undefined || !isRight || isUsed) return;
  const advice = '"authenticate_service_url" for browsers, or "bearer_token_format" for programs';
  problems.warning(idp_provider.position, `nobody can sign in with the provider: write ${advice}`);
}

function chooseIssuer(
  { idp_provider_url: url }: Fields<'global'>,
  name: ProviderName | undefined,
  problems: Problems,
): string {
  const issuer = url?.value ?? (name === undefined ? null : NAMED_PROVIDERS[name].issuer) ?? '';
  if (url !== undefined && MANY_TENANTS.test(issuer)) {
    const advice = 'write the id of yours, as in https://login.microsoftonline.com/TENANT-ID/v2.0';
    problems.error(url.position, `"idp_provider_url" stands for every tenant of Microsoft's: ${advice}`);
  }
  if (url !== undefined && DOCUMENT.test(issuer)) {
    problems.error(
      url.position,
      '"idp_provider_url" is the issuer: write it without "/.well-known/openid-configuration"',
    );
  }
  // Auth0 writes its issuer with a slash at the end, and people do not.
  return name === 'auth0' && issuer !== '' ? issuer.replace(/\/?$/, '/') : issuer;
}
