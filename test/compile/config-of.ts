import type { Config, Located, Policy } from '../../src/config/config.ts';
import type { Position } from '../../src/errors.ts';
import { routeOf } from '../proxy/routes.ts';

export const NOWHERE: Position = { file: 'behalf.yaml', line: 1, column: 1 };

/** A configuration of routes with these policies, whose ids are the keys. */
export function configOf(policies: Readonly<Record<string, Policy>>): Config {
  return {
    file: 'behalf.yaml',
    address: { host: '127.0.0.1', port: 0 },
    certificate: null,
    authenticateServiceUrl: null,
    session: {
      cookieName: '_pomerium',
      cookieDomain: null,
      sameSite: 'lax',
      lifetimeSeconds: 50_400,
      outageGraceSeconds: 600,
    },
    branding: { name: 'Behalf', logo: null, color: null },
    signedOutUrl: null,
    sharedSecret: null,
    signingKeys: [],
    stateDir: '/nowhere',
    provider: null,
    bearerTokenFormat: 'default',
    accessTokenAudiences: [],
    trustedIssuers: [],
    originalUser: 'verified',
    clockSkewSeconds: 60,
    trustedHops: 0,
    decisionLog: null,
    claimHeaders: [],
    operators: [],
    data: {},
    routes: Object.entries(policies).map(([id, policy]) =>
      routeOf(`${id}.example.com`, {
        id,
        name: `route ${id}`,
        from: { scheme: 'https', host: `${id}.example.com` },
        passIdentityHeaders: false,
        policy,
        timeoutMs: 0,
        idleTimeoutMs: 0,
        position: NOWHERE,
      }),
    ),
  };
}

/** A plain value as the loader would give it. */
export function locate(value: unknown): Located {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(locate), position: NOWHERE };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => ({
      key,
      keyPosition: NOWHERE,
      value: locate(item),
    }));
    return { kind: 'map', entries, position: NOWHERE };
  }
  return { kind: 'scalar', value: value as string | number | boolean | null, position: NOWHERE };
}
