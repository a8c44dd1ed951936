import type { Located, Provider, Route, TrustedIssuer } from './config.ts';
import { type Fields, parseKeys, type Scope } from './parse-keys.ts';

const DEFAULT_MAX_LIFETIME_SECONDS = 600;

/** Reads the proxies whose assertions are taken. None may speak in the name of a host of `routes`, or of the provider. */
export function parseTrustedIssuers(
  items: readonly Located[],
  routes: readonly Route[],
  provider: Provider | null,
  scope: Scope,
): readonly TrustedIssuer[] {
  const isOurs = matchHosts(routes);
  const lines = new Map<string, number>();
  return items.flatMap((item) => {
    const trusted = parseTrustedIssuer(item, scope);
    if (trusted === undefined) return [];
    const { issuer, position } = trusted;
    const line = lines.get(issuer);
    if (line !== undefined) scope.problems.error(position, `the trusted issuer on line ${line} is the same`);
    lines.set(issuer, line ?? position.line);
    if (isOurs(bare(issuer))) {
      scope.problems.error(position, 'this issuer is a host of this proxy, which trusts its own assertions already');
    }
    if (provider !== null && bare(issuer) === bare(provider.issuer)) {
      scope.problems.error(position, 'this issuer is the identity provider, whose tokens are no assertions');
    }
    return [trusted];
  });
}

function parseTrustedIssuer(item: Located, scope: Scope): TrustedIssuer | undefined {
  const fields = parseKeys(item, 'trusted_issuer', scope);
  if (fields === undefined) return undefined;
  const issuer = fields.issuer?.value;
  const audiences = fields.audiences?.value;
  const domains = fields.domains?.value;
  const keys = chooseKeys(fields);
  if (issuer === undefined || audiences === undefined || domains === undefined || keys === undefined) return undefined;
  return {
    issuer,
    keys,
    audiences,
    domains,
    maxLifetimeSeconds: fields.max_lifetime?.value ?? DEFAULT_MAX_LIFETIME_SECONDS,
    position: item.position,
  };
}

function chooseKeys({ jwks_url, jwks_file }: Fields<'trusted_issuer'>): TrustedIssuer['keys'] | undefined {
  if (jwks_url?.value !== undefined) return { kind: 'url', url: jwks_url.value };
  return jwks_file?.value === undefined ? undefined : { kind: 'jwks', jwks: jwks_file.value };
}

/** Both forms of an issuer, `api.example.com` and `https://api.example.com/`, as one. */
function bare(issuer: string): string {
  return issuer
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\.?\/*$/, '');
}

function matchHosts(routes: readonly Route[]): (host: string) => boolean {
  const hosts = [...new Set(routes.map(({ from }) => from.host))];
  const exact = new Set(hosts.filter((host) => !host.includes('*')));
  const patterns = hosts
    .filter((host) => host.includes('*'))
    .map((host) => new RegExp(`^${host.replace(/[^a-z0-9*]/g, '\\$&').replaceAll('*', '[^/:]*')}$`));
  return (host) => exact.has(host) || patterns.some((pattern) => pattern.test(host));
}
