import { dirname, resolve } from 'node:path';
import type { Problem } from '../errors.ts';
import { applyEnvironment, type Environment } from './apply-environment.ts';
import { chooseAuthenticateUrl } from './choose-authenticate-url.ts';
import { chooseBranding } from './choose-branding.ts';
import { chooseCertificate } from './choose-certificate.ts';
import { chooseDecisionLog } from './choose-decision-log.ts';
import { chooseProvider } from './choose-provider.ts';
import { chooseResponseHeaders, defaultResponseHeaders } from './choose-response-headers.ts';
import { chooseSession } from './choose-session.ts';
import type { Config, Located } from './config.ts';
import { parseHeaderKeys } from './parse-header-keys.ts';
import { type Fields, parseKeys, type Scope } from './parse-keys.ts';
import { parseRoutes } from './parse-routes.ts';
import { parseTrustedIssuers } from './parse-trusted-issuers.ts';
import { parseYaml } from './parse-yaml.ts';
import { collectProblems, type Problems } from './problems.ts';
import { readText } from './read-text.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_CLOCK_SKEW_SECONDS = 60;

export interface LoadedConfig {
  readonly config: Config;
  /** Sorted by position. */
  readonly warnings: readonly Problem[];
}

/** Where a configuration finds what its text does not hold. */
export interface Surroundings {
  /** Asked for the files that `_file` keys name. */
  readonly read?: Scope['read'];
  /** Its variables win over the file's keys. */
  readonly environment?: Environment;
}

/**
 * Reads a configuration from its text. `file` is what positions name, and relative paths start in its folder.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem
 */
export function parseConfig(text: string, file: string, surroundings: Surroundings = {}): LoadedConfig {
  const { read = readText, environment = {} } = surroundings;
  const problems = collectProblems();
  const tree = parseYaml(text, file, problems);
  const scope = { problems, folder: dirname(resolve(file)), read };
  const config = tree && buildConfig(applyEnvironment(tree, environment), file, scope);
  const { result, warnings } = problems.finish(config);
  return { config: result, warnings };
}

function buildConfig(tree: Located, file: string, scope: Scope): Config | undefined {
  const fields = parseKeys(tree, 'global', scope);
  if (fields === undefined) return undefined;
  const { problems, folder } = scope;
  const certificate = chooseCertificate(fields, tree, problems);
  if (fields.routes === undefined && fields.policy === undefined) {
    problems.error(tree.position, 'missing key "routes"');
  }
  const provider = chooseProvider(fields, problems);
  const claimHeaders = fields.jwt_claims_headers?.value ?? [];
  const signsIn = fields.authenticate_service_url !== undefined && fields.idp_provider !== undefined;
  const responseHeaders = fields.set_response_headers?.value;
  // Pomerium's order: `policy` is its older name for `routes`.
  const routes = parseRoutes([...(fields.policy?.value ?? []), ...(fields.routes?.value ?? [])], scope, {
    passIdentityHeaders: fields.pass_identity_headers?.value ?? false,
    issuerFormat: fields.jwt_issuer_format?.value ?? 'host_only',
    timeoutMs: fields.default_upstream_timeout?.value ?? DEFAULT_TIMEOUT_MS,
    originalUserMaxAgeSeconds: fields.original_user_max_age?.value ?? null,
    claimHeaders,
    signsIn,
    groupsFilter: fields.jwt_groups_filter?.value ?? [],
    namesGroupsOfPolicy: fields.jwt_groups_of_policy?.value ?? false,
    headers: parseHeaderKeys(fields, { claimHeaders, signsIn }, scope),
    responseHeaders: chooseResponseHeaders(responseHeaders ?? defaultResponseHeaders(certificate !== null), []),
  });
  const authenticateServiceUrl = chooseAuthenticateUrl(fields, routes, problems);
  return {
    file,
    address: fields.address?.value ?? { host: '', port: 443 },
    certificate,
    authenticateServiceUrl,
    session: chooseSession(fields, { authenticateServiceUrl, routes }, problems),
    branding: chooseBranding(fields.branding?.value ?? null, scope),
    signedOutUrl: fields.signout_redirect_url?.value ?? null,
    sharedSecret: fields.shared_secret?.value ?? fields.shared_secret_file?.value ?? null,
    signingKeys: fields.signing_key?.value ?? fields.signing_key_file?.value ?? [],
    stateDir: resolve(folder, fields.state_dir?.value ?? '.behalf'),
    provider,
    bearerTokenFormat: fields.bearer_token_format?.value ?? 'default',
    accessTokenAudiences: chooseAudiences(fields, tree, problems),
    trustedIssuers: parseTrustedIssuers(fields.trusted_issuers?.value ?? [], routes, provider, scope),
    originalUser: chooseOriginalUser(fields, problems),
    clockSkewSeconds: fields.clock_skew?.value ?? DEFAULT_CLOCK_SKEW_SECONDS,
    decisionLog: chooseDecisionLog(fields, folder, problems),
    trustedHops: fields.xff_num_trusted_hops?.value ?? 0,
    claimHeaders,
    operators: fields.operators?.value ?? [],
    data: fields.data?.value ?? {},
    routes,
  };
}

function chooseAudiences(fields: Fields<'global'>, tree: Located, problems: Problems): Config['accessTokenAudiences'] {
  const { bearer_token_format: format, idp_access_token_allowed_audiences: audiences } = fields;
  const need = '"bearer_token_format: idp_access_token"';
  if (format?.value === 'idp_access_token') {
    const key = '"idp_access_token_allowed_audiences"';
    if (audiences === undefined) problems.error(tree.position, `missing key ${key}, which ${need} needs`);
    return audiences?.value ?? [];
  }
  if (audiences !== undefined) problems.warning(audiences.keyPosition, `this does nothing without ${need}`);
  return [];
}

function chooseOriginalUser({ original_user: field }: Fields<'global'>, problems: Problems): Config['originalUser'] {
  if (field?.value === 'unverified') {
    const consequence = 'anybody with a service account can claim to act for anybody, and upstreams must check it';
    problems.warning(field.position, `original users are carried without being verified: ${consequence}`);
  }
  return field?.value ?? 'verified';
}
