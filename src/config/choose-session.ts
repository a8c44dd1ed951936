import type { Config, Route, SessionSettings } from './config.ts';
import type { Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

const DEFAULT_LIFETIME_SECONDS = 14 * 3_600;
const DEFAULT_OUTAGE_GRACE_SECONDS = 600;

/** The most hosts that one message names. */
const NAMED = 3;

/** How the sessions of browsers are kept, for these hosts. */
export function chooseSession(
  fields: Fields<'global'>,
  { authenticateServiceUrl, routes }: Pick<Config, 'authenticateServiceUrl' | 'routes'>,
  problems: Problems,
): SessionSettings {
  const { cookie_domain: domain, cookie_same_site: sameSite } = fields;
  if (domain?.value !== undefined) {
    checkCovers(domain.value, listHosts(authenticateServiceUrl, routes), (message) =>
      problems.error(domain.position, message),
    );
    const consequence = 'gets session cookies, and can set them: without this key one sign-in serves all routes too';
    problems.warning(domain.position, `every host of this domain ${consequence}`);
  }
  if (sameSite?.value === 'none') {
    problems.warning(
      sameSite.position,
      'any site can make browsers send requests here with the session of its visitor',
    );
  }
  return {
    cookieName: fields.cookie_name?.value ?? '_pomerium',
    cookieDomain: domain?.value ?? null,
    sameSite: sameSite?.value ?? 'lax',
    lifetimeSeconds: fields.cookie_expire?.value ?? DEFAULT_LIFETIME_SECONDS,
    outageGraceSeconds: fields.idp_outage_grace?.value ?? DEFAULT_OUTAGE_GRACE_SECONDS,
  };
}

function listHosts(url: URL | null, routes: readonly Route[]): readonly string[] {
  return [...new Set([...(url === null ? [] : [url.hostname]), ...routes.map(({ from }) => from.host)])];
}

/** A browser drops a cookie for a domain that the host is not of (RFC 6265, section 5.3, step 6). */
function checkCovers(domain: string, hosts: readonly string[], refuse: (message: string) => void): void {
  const others = hosts.filter((host) => host !== domain && !host.endsWith(`.${domain}`));
  if (others.length === 0) return;
  const more = others.length > NAMED ? ` and ${others.length - NAMED} more` : '';
  refuse(`"cookie_domain" must cover all hosts, and does not: ${others.slice(0, NAMED).join(', ')}${more}`);
}
