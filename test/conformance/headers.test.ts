import { X509Certificate } from 'node:crypto';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { parseTemplate } from '../../src/config/parse-template.ts';
import type { Caller, ClientCertificate, Decision } from '../../src/engine/documents.ts';
import { flattenClaims } from '../../src/identity/flatten-claims.ts';
import { applyRequestHeaders } from '../../src/proxy/apply-request-headers.ts';
import { applyResponseHeaders } from '../../src/proxy/apply-response-headers.ts';
import { buildInput } from '../../src/proxy/build-input.ts';
import { findCredential } from '../../src/proxy/find-credential.ts';
import { NO_ORIGINAL_USER } from '../../src/proxy/find-original-user.ts';
import type { Header } from '../../src/proxy/header.ts';
import { ASSERTION } from '../../src/reserved-names.ts';
import { openCookies } from '../../src/sign-in/cookies.ts';
import { configOf } from '../compile/config-of.ts';
import { makeIdentity, type World } from '../identity/support/make-identity.ts';
import { type Certificate, makeCertificate } from '../support/make-certificate.ts';
import { type Case, type Http, readCases } from './cases.ts';
import { type CompiledCases, compileCases } from './compile-cases.ts';
import { compare, judgeCases } from './judge-cases.ts';
import { type LoadedCase, loadCase } from './load-case.ts';
import { receiveRequest } from './receive-request.ts';

type Keys = Readonly<Record<string, unknown>>;
type Texts = Readonly<Record<string, string>>;

interface HeadersCase extends Case {
  readonly input: {
    readonly operation?: string;
    readonly options?: Keys;
    readonly route?: Keys | null;
    readonly session?: Session | null;
    readonly user?: { readonly email?: string; readonly claims?: Claims } | null;
    readonly directory_user?: { readonly group_ids: readonly string[] } | null;
    readonly http?: Http;
    // Of one operation or another.
    readonly values?: readonly string[] | null;
    readonly template?: string;
    readonly json?: string;
    readonly global?: Keys | null;
    readonly has_certificates?: boolean;
    readonly autocert_use_staging?: boolean;
    readonly headers?: Texts;
    readonly url?: string;
  };
  readonly expect: {
    /** What is set, whether or not it may go on to the upstream. */
    readonly headers?: Texts;
    readonly headers_absent?: readonly string[];
    /** Some claims of the assertion. */
    readonly claims?: Keys;
    readonly assertion_claims?: Keys;
    readonly upstream_headers?: Texts;
    readonly upstream_headers_absent?: readonly string[];
    readonly value?: string;
    readonly token?: string;
  };
}

type Claims = Readonly<Record<string, readonly string[]>>;

interface Session {
  readonly kind: 'none' | 'session' | 'service_account';
  readonly id?: string;
  readonly user_id?: string;
  readonly claims?: Claims;
  readonly id_token_raw?: string;
  readonly oauth_access_token?: string;
}

const HOST = 'from.example.com';
const PUBLIC = { allow_public_unauthenticated_access: true };

const cases = readCases<HeadersCase>('headers.json');

describe.skipIf(cases === null)('headers as Pomerium sets them', () => {
  let world: World;
  let certificate: Certificate;
  let compiled: CompiledCases;
  const loaded = new Map<string, LoadedCase>();

  beforeAll(async () => {
    world = await makeIdentity({ servesHost: () => true });
    certificate = await makeCertificate(HOST);
    const configs = new Map<string, Config>();
    for (const each of cases ?? []) {
      const found = load(each);
      loaded.set(each.id, found);
      if (found.config !== null) configs.set(each.id, found.config);
    }
    compiled = await compileCases(configs);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  judgeCases('headers', cases ?? [], findDifference);

  function load({ input, expect }: HeadersCase): LoadedCase {
    const { options = {}, route } = input;
    switch (input.operation) {
      case undefined: {
        // What Pomerium sets at first it sets for every route; `pass_identity_headers` takes it away later.
        const isSet = expect.headers !== undefined || expect.claims !== undefined;
        return loadCase({ ...PUBLIC, ...(isSet ? { pass_identity_headers: true } : {}), ...route }, options);
      }
      case 'comma_separated_list':
        return loadCase({ ...PUBLIC, pass_identity_headers: true }, { jwt_claims_headers: { 'x-list': 'list' } });
      case 'parse_jwt_claims_headers':
        return loadCase(PUBLIC, { jwt_claims_headers: JSON.parse(input.json ?? '') });
      case 'set_response_headers': {
        const { global, has_certificates, autocert_use_staging } = input;
        return loadCase(
          { ...PUBLIC, ...(route && { set_response_headers: route }) },
          {
            ...(global && { set_response_headers: global }),
            ...(has_certificates && { certificate: certificate.certificate, certificate_key: certificate.key }),
            ...(autocert_use_staging && { autocert_use_staging }),
          },
        );
      }
      default:
        return loadCase(PUBLIC);
    }
  }

  function findDifference(each: HeadersCase): string | null {
    const { config, refusal } = loaded.get(each.id) ?? { config: null, refusal: 'not loaded' };
    if (config === null) return refusal;
    const { input, expect } = each;
    switch (input.operation) {
      case 'comma_separated_list': {
        const list = input.values ?? [];
        const sent = send(each, config, { ...writeCaller({}), claims: { list } });
        return compare(sent.get('x-list') ?? '', expect.value);
      }
      case 'render_template': {
        const parts = parseTemplate(input.template ?? '');
        const texts = parts.map((part) => (part.kind === 'text' ? part.text : `<${part.path.join(',')}>`));
        return compare(texts.join(''), expect.value);
      }
      case 'parse_jwt_claims_headers':
        return compare(Object.fromEntries(config.claimHeaders.map(({ name, claim }) => [name, claim])), expect.headers);
      case 'set_response_headers': {
        const { response_headers } = decide(each, config, writeCaller({}), []);
        const sent = applyResponseHeaders([], response_headers, compiled.headerTexts.get(each.id) ?? []);
        return compare(Object.fromEntries(sent), lowerNames(expect.headers ?? {}));
      }
      case 'token_from_headers':
      case 'token_from_query': {
        const request = receiveRequest({ host: HOST, target: input.url ?? '/', headers: input.headers ?? {} });
        return compare(findCredential(request, () => null, cookies).credential?.token ?? '', expect.token);
      }
      default:
        return compareUpstream(each, config);
    }
  }

  function compareUpstream(each: HeadersCase, config: Config): string | null {
    const { input, expect } = each;
    // Cases of a claim leave the session out, as Pomerium signs for nobody too; here that is a case of its own.
    const isSignedIn = (input.session ?? { kind: 'none' }).kind !== 'none' || expect.claims !== undefined;
    const sent = send(each, config, isSignedIn ? writeCaller(input) : null);

    const wanted = lowerNames({ ...expect.headers, ...expect.upstream_headers });
    const absent = [...(expect.headers_absent ?? []), ...(expect.upstream_headers_absent ?? [])];
    const names = [...Object.keys(wanted), ...absent.map((name) => name.toLowerCase())];
    const headers = Object.fromEntries(names.flatMap((name) => (sent.has(name) ? [[name, sent.get(name)]] : [])));

    const claims = { ...expect.claims, ...expect.assertion_claims };
    const token = sent.get(ASSERTION);
    const signed: Keys = token === undefined ? {} : decodeJwt(token);
    const found = Object.fromEntries(Object.keys(claims).map((claim) => [claim, signed[claim]]));
    return compare(headers, wanted) ?? compare(found, claims);
  }

  /** What the upstream gets of the client's request, by lower-case names. */
  function send(each: HeadersCase, config: Config, caller: Caller | null): ReadonlyMap<string, string> {
    const { headers, request } = receive(each, config);
    const { request_headers } = decide(each, config, caller, headers);
    const { id_token_raw: idToken, oauth_access_token: accessToken = null } = each.input.session ?? {};
    const tokens = idToken === undefined ? null : { idToken, accessToken, refreshToken: null, expiresAt: Infinity };
    const facts = { host: request.host, caller, original: null, unverified: null, session: { tokens } };
    const headerTexts = compiled.headerTexts.get(each.id) ?? [];
    return new Map(applyRequestHeaders(headers, request_headers, { ...facts, headerTexts }, world.identity));
  }

  function decide(each: HeadersCase, config: Config, caller: Caller | null, headers: readonly Header[]): Decision {
    const [route = null] = config.routes;
    const { request } = receive(each, config);
    const identified = { caller, headers, ...NO_ORIGINAL_USER };
    const input = buildInput(route && { ...route, id: each.id }, request, 'https', identified);
    const client_certificate = readCertificate(each.input.http);
    return compiled.engine.decide({ ...input, request: { ...input.request, client_certificate } });
  }
});

const cookies = openCookies(configOf({}).session);

function receive({ input }: HeadersCase, config: Config) {
  const { hostname, headers = {} } = input.http ?? {};
  const request = receiveRequest({ host: hostname || HOST, headers }, config.claimHeaders);
  return { request, headers: findCredential(request, () => null, cookies).headers };
}

/** Pomerium's records of somebody as one, as its policies read them; somebody where it has none. */
function writeCaller({ session, user, directory_user }: Partial<HeadersCase['input']>): Caller {
  return {
    type: session?.kind === 'service_account' ? 'service_account' : 'user',
    id: session?.user_id || 'u1',
    email: user?.email ?? '',
    name: (session?.claims?.['name'] ?? user?.claims?.['name'] ?? []).join(),
    groups: directory_user?.group_ids ?? [],
    claims: flattenClaims({ ...session?.claims, ...user?.claims }) ?? {},
    session_id: session?.id ?? 's1',
    expires_at: null,
  };
}

/** Of a certificate that is valid, what templates refer to. */
function readCertificate(http: Http | undefined): ClientCertificate | null {
  if (http?.client_certificate?.presented !== true) return null;
  const { fingerprint256, subjectAltName = '' } = new X509Certificate(http.client_certificate.leaf);
  const names = (kind: string) => subjectAltName.split(', ').flatMap((name) => name.split(`${kind}:`).slice(1));
  return {
    valid: true,
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    spki_hash: '',
    san_dns: names('DNS'),
    san_email: names('email'),
    san_uri: [],
  };
}

function lowerNames(headers: Texts): Texts {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
