import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { parse } from 'yaml';
import type { Route } from '../../src/config/config.ts';
import type { Caller, Decision, InputDocument } from '../../src/engine/documents.ts';
import { BehalfError } from '../../src/errors.ts';
import { isOwnPath } from '../../src/is-own-path.ts';
import { compileVerdicts, type Side, type Verdicts } from '../compile/compile-verdicts.ts';
import { configOf } from '../compile/config-of.ts';
import { inputOf } from '../compile/input-of.ts';
import { makeIdentity, type World } from '../identity/support/make-identity.ts';
import { type Case, type Http, type Identity, readCases, writeCertificate } from './cases.ts';
import { compare, judgeCases } from './judge-cases.ts';
import { type LoadedCase, loadCase } from './load-case.ts';
import { receiveRequest } from './receive-request.ts';

/** A route, with more policies in Pomerium's older form of several, and what they say of a request. */
interface EvaluateCase extends Case {
  readonly input: {
    readonly route?: Readonly<Record<string, unknown>>;
    readonly sub_policies?: readonly { readonly ppl: string }[];
    readonly add_default_client_certificate_rule?: boolean;
    readonly identity: Identity & { readonly expired_service_account?: { readonly user_id: string } };
    readonly http: Http;
    readonly is_valid_client_certificate?: boolean;
    readonly client_ca_pem?: string;
    readonly route_client_ca_pem?: string;
    readonly is_internal?: boolean;
  };
  readonly expect: {
    readonly allow?: readonly [boolean, readonly string[]];
    readonly deny?: readonly [boolean, readonly string[]];
    readonly allow_value?: boolean;
    readonly deny_value?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
  };
}

const DECISION = 'behalf/main/decision';
const DEMANDS_CERTIFICATE = { deny: { or: [{ invalid_client_certificate: true }] } };

const cases = readCases<EvaluateCase>('evaluate.json');

describe.skipIf(cases === null)('routes as Pomerium judges them', () => {
  const loaded = new Map((cases ?? []).map((each) => [each.id, load(each)]));
  let world: World;
  let verdicts: Verdicts;

  beforeAll(async () => {
    world = await makeIdentity();
    const routes = [...loaded].flatMap(([id, { route }]): Route[] => (route === null ? [] : [{ ...route, id }]));
    verdicts = await compileVerdicts({ ...configOf({}), routes }, {}, [DECISION]);
  });

  afterAll(() => world[Symbol.asyncDispose]());

  judgeCases('evaluate', cases ?? [], async (each) => {
    const { input, expect } = each;
    const refusal = loaded.get(each.id)?.refusal ?? (await refuseCredential(input.identity));
    if (refusal !== null) return refusal;
    if (input.is_internal === true) return answerInternal(input.http);

    const document = writeInput(each);
    const { allow, deny } = verdicts.judge(document);
    const { request_headers } = verdicts.evaluate(DECISION, document) as Decision;
    const added = request_headers.filter(({ action }) => action !== 'remove').map(({ name }) => name);
    return (
      compareSide(allow, expect.allow, expect.allow_value) ??
      compareSide(deny, expect.deny, expect.deny_value) ??
      // In these cases no header has a value.
      compare(
        Object.keys(expect.headers ?? {}).filter((name) => added.includes(name.toLowerCase())),
        [],
      )
    );
  });

  /** What is said of a credential before anything is judged. */
  async function refuseCredential({ expired_service_account: account }: EvaluateCase['input']['identity']) {
    if (account === undefined) return null;
    const token = world.serviceAccounts.create(account.user_id, -1);
    try {
      await world.identity.identifyCaller({ kind: 'service_account', token });
      return null;
    } catch (error) {
      if (error instanceof BehalfError && error.code === 'ERR_CREDENTIAL_INVALID') return error.message;
      throw error;
    }
  }
});

function load({ input }: EvaluateCase): LoadedCase {
  // That a certificate is asked for, and by whom it must be signed, is the listener's affair; its facts are judged here.
  const { tls_downstream_client_ca: _, policy = [], ...route } = input.route ?? {};
  const policies = [
    policy,
    ...(input.sub_policies ?? []).map(({ ppl }) => parse(ppl)),
    ...(input.add_default_client_certificate_rule === true ? [DEMANDS_CERTIFICATE] : []),
  ];
  return loadCase({ pass_identity_headers: true, ...route, policy: policies.flat() });
}

function answerInternal({ path = '' }: Http): string | null {
  const request = receiveRequest({ host: 'from.example.com', target: path });
  return isOwnPath(request.path.decoded) ? 'answered, and not judged' : null;
}

function writeInput({ id, input }: EvaluateCase): InputDocument {
  const { method = '', path = '' } = input.http;
  const client_certificate = writeCertificate(input.http, input.is_valid_client_certificate ?? isSigned(input));
  return inputOf(id, { request: { method, path, client_certificate }, caller: writeCaller(input.identity) });
}

/** Whether the client's certificate is one that the case's authority signed. */
function isSigned({ http, client_ca_pem, route_client_ca_pem }: EvaluateCase['input']): boolean {
  const authority = route_client_ca_pem ?? client_ca_pem;
  const leaf = http.client_certificate?.leaf ?? '';
  if (authority === undefined || leaf === '') return false;
  return new X509Certificate(leaf).verify(new X509Certificate(authority).publicKey);
}

function writeCaller({ kind, session_id, user_id, email, groups = [] }: Identity): Partial<Caller> | null {
  if (kind === 'none') return null;
  return { id: user_id ?? '', email: email ?? '', groups, session_id: session_id ?? '' };
}

function compareSide(side: Side, pair: EvaluateCase['expect']['allow'], value = pair?.[0]): string | null {
  if (pair !== undefined) return compare([side.value, side.reasons], pair);
  return value === undefined ? null : compare(side.value, value);
}
