import { describe } from 'vitest';
import type { Config, Route } from '../../src/config/config.ts';
import { addForwarded } from '../../src/proxy/add-forwarded.ts';
import { buildRouteTable, matchRoute } from '../../src/proxy/match-route.ts';
import { openUpstreams } from '../../src/proxy/open-upstreams.ts';
import { planExchange } from '../../src/proxy/plan-exchange.ts';
import { writeRedirect } from '../../src/proxy/write-redirect.ts';
import { type Case, readCases } from './cases.ts';
import { compare, judgeCases } from './judge-cases.ts';
import { loadCase } from './load-case.ts';
import { receiveRequest } from './receive-request.ts';
import { writePolicy } from './write-policy.ts';

type Keys = Readonly<Record<string, unknown>>;

interface RoutingCase extends Case {
  readonly input: {
    readonly route?: Keys;
    readonly routes?: readonly Keys[];
    readonly redirect?: Keys;
    readonly policy?: unknown;
    readonly from?: string;
    readonly wildcard?: string;
    readonly host?: string;
    readonly request_url?: string;
    readonly default_upstream_timeout?: string;
    readonly key?: string;
    readonly text?: string;
  };
  readonly expect: {
    readonly error?: boolean;
    readonly error_contains?: string;
    readonly ids?: readonly string[];
    readonly matches?: boolean;
    readonly has_port?: boolean;
    readonly timeout?: string | null;
    readonly idle_timeout?: string | null;
    readonly mode?: string;
    readonly literal?: string;
    readonly append_x_forwarded_host?: boolean;
    readonly value?: string;
    readonly ppl?: readonly Keys[];
    // Of a redirect.
    readonly scheme?: string;
    readonly port?: number;
    readonly path?: string;
    readonly prefix_rewrite?: string;
    readonly strip_query?: boolean;
    readonly status?: number;
  };
}

const HOST = 'from.example.com';
const IDLE_DEFAULT = '300s';

const cases = readCases<RoutingCase>('routing.json');

describe.skipIf(cases === null)('routes as Pomerium reads and finds them', () => {
  judgeCases('routing', cases ?? [], (each) => {
    const { input, expect } = each;
    // Of a host alone there is nothing to load.
    if (expect.has_port !== undefined) {
      const { host, authority } = receiveRequest({ host: input.host ?? '' });
      return compare(host !== authority, expect.has_port);
    }
    const { config, route, refusal } = load(input);
    const isRefused = expect.error === true || expect.error_contains !== undefined;
    // Texts of errors are ours; but what Behalf lacks is not refused for the case's reason.
    if (isRefused && refusal !== null) return /Behalf (?:does not have|has no) /.test(refusal) ? refusal : null;
    if (isRefused) return 'taken, but Pomerium refuses it';
    if (refusal !== null) return refusal;
    return expect.error === false ? null : findDifference(each, config, route);
  });
});

function load({
  route,
  routes,
  redirect,
  policy,
  from,
  wildcard,
  default_upstream_timeout,
  key,
  text,
}: RoutingCase['input']) {
  if (routes !== undefined) {
    const [first, ...others] = routes.map(({ id, from, path }) => ({
      name: id,
      from: `https://${from}.example.com`,
      path,
    }));
    return loadCase(first, {}, others);
  }
  if (redirect !== undefined) return loadCase({ from: `http://${HOST}`, redirect: withPath(redirect) });
  if (policy !== undefined) return loadCase({ policy });
  if (from !== undefined) return loadCase({ from });
  if (wildcard !== undefined) return loadCase({ from: `https://${wildcard}` });
  if (key !== undefined) return loadCase({}, { [key]: text });
  return loadCase(route, default_upstream_timeout === undefined ? {} : { default_upstream_timeout });
}

/** What stands for a path in these cases is none as it is. */
function withPath({ path_redirect, prefix_rewrite, ...others }: Keys): Keys {
  return {
    ...others,
    ...(path_redirect !== undefined && { path_redirect: `/${path_redirect}` }),
    ...(prefix_rewrite !== undefined && { prefix_rewrite: `/${prefix_rewrite}` }),
  };
}

function findDifference({ input, expect }: RoutingCase, config: Config, route: Route) {
  if (expect.ids !== undefined)
    return compare(
      config.routes.map(({ name }) => name),
      expect.ids,
    );
  if (expect.matches !== undefined) {
    const url = new URL(input.request_url ?? `https://${input.host}/`);
    const found = matchRoute(buildRouteTable(config), url.hostname, url.pathname);
    return compare(found !== null, expect.matches);
  }
  if (expect.timeout !== undefined) {
    const { timeoutMs, idleTimeoutMs } = route;
    const found = [timeoutMs, idleTimeoutMs].map((milliseconds) => `${milliseconds / 1000}s`);
    return compare(found, [expect.timeout, expect.idle_timeout ?? IDLE_DEFAULT]);
  }
  if (expect.mode !== undefined) return compareHost(expect, route);
  if (expect.ppl !== undefined) return compare(dropEmpty(writePolicy(route.policy)), dropEmpty(expect.ppl));
  if (input.key !== undefined) {
    const { bearerTokenFormat } = config;
    const issuerFormat = { host_only: 'hostOnly', uri: 'uri' }[route.issuerFormat];
    return compare(input.key === 'jwt_issuer_format' ? issuerFormat : bearerTokenFormat, expect.value);
  }
  return compareRedirect(expect, route);
}

/** Which Host the upstream gets, and whether the client's own is to be had from X-Forwarded-Host alone. */
async function compareHost({ mode, literal, append_x_forwarded_host }: RoutingCase['expect'], route: Route) {
  const upstreams = openUpstreams();
  const upstream = upstreams.next(route);
  await upstreams.close();
  const request = receiveRequest({ host: HOST });
  const { host } = planExchange(route, request, upstream);
  const forwarded = new Map(addForwarded([], request, 'https', 'id')).get('x-forwarded-host');
  const wanted = mode === 'preserve' ? HOST : (literal ?? upstream.url.host);
  return compare([host, forwarded !== host], [wanted, append_x_forwarded_host]);
}

/** Where a request is sent that leaves room for all that a redirect can change. */
function compareRedirect(expect: RoutingCase['expect'], route: Route): string | null {
  if (route.redirect === null) return 'no redirect';
  const { scheme = 'http', port, path, prefix_rewrite: prefix, strip_query, status = 301 } = expect;
  const request = receiveRequest({ host: HOST, target: '/a/b?c=1' });
  const { headers, ...answer } = writeRedirect(route.redirect, route, request, 'http');
  const target = path === undefined ? `${prefix === undefined ? '' : `/${prefix}`}/a/b` : `/${path}`;
  const authority = port === undefined ? HOST : `${HOST}:${port}`;
  const location = `${scheme}://${authority}${target}${strip_query === true ? '' : '?c=1'}`;
  return compare([answer.status, new Map(headers).get('location')], [status, location]);
}

/** A rule without blocks says nothing. */
function dropEmpty(rules: readonly Keys[]): readonly Keys[] {
  return rules.filter((rule) => Object.values(rule).some((blocks) => Object.keys(blocks as object).length > 0));
}
