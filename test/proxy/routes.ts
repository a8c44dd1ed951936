import type { Route } from '../../src/config/config.ts';

/** A route as the configuration gives it, for `host` to `to`; `over` has what the test is about. */
export function routeOf(host: string, over: Partial<Route> = {}): Route {
  return {
    id: 'r0',
    name: host,
    from: { scheme: 'http', host },
    to: [new URL('http://127.0.0.1:1')],
    path: { kind: 'prefix', value: '/' },
    prefixRewrite: null,
    redirect: null,
    preserveHostHeader: false,
    hostRewrite: null,
    passIdentityHeaders: true,
    policy: { rules: [], rego: [] },
    timeoutMs: 30_000,
    upgradeTimeoutMs: 0,
    idleTimeoutMs: 300_000,
    allowWebsockets: false,
    issuerFormat: 'host_only',
    setRequestHeaders: [],
    removeRequestHeaders: [],
    setResponseHeaders: [],
    rewriteResponseHeaders: [],
    groupsFilter: null,
    namesGroupsOfPolicy: false,
    tls: { customCa: null, skipVerify: false, serverName: null },
    originalUserMaxAgeSeconds: null,
    allowedOrigins: [],
    position: { file: 'behalf.yaml', line: 1, column: 1 },
    ...over,
  };
}
