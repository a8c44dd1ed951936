import { beforeAll, describe } from 'vitest';
import { writeRego } from '../../src/compile/write-rego.ts';
import type { Policy } from '../../src/config/config.ts';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import type { Caller, InputDocument } from '../../src/engine/documents.ts';
import { BehalfError } from '../../src/errors.ts';
import { flattenClaims } from '../../src/identity/flatten-claims.ts';
import { compileVerdicts, type Verdicts } from '../compile/compile-verdicts.ts';
import { configOf } from '../compile/config-of.ts';
import { inputOf } from '../compile/input-of.ts';
import { type Case, type Http, type Identity, readCases, writeCertificate } from './cases.ts';
import { compare, judgeCases } from './judge-cases.ts';
import { writeData, writePolicy, writeTree } from './write-policy.ts';

/** A policy, or a part of one, and either what it is or what it says of a request. */
interface PolicyCase extends Case {
  readonly input: {
    /** A policy in YAML. */
    readonly ppl?: string;
    /** A policy in JSON. */
    readonly text?: string;
    /** Any data of a criterion. */
    readonly value?: unknown;
    /** The data of a matcher for what the Rego of `rego_body` calls `example`. */
    readonly matcher?: 'string' | 'string_list';
    readonly data?: unknown;
    /** One field of a criterion's data. */
    readonly criterion?: string;
    readonly field?: string;
    readonly value_json?: string;
    readonly identity?: Identity;
    readonly http?: Http;
    readonly is_valid_client_certificate?: boolean;
  };
  readonly expect: {
    readonly allow?: readonly [boolean, readonly string[]];
    readonly deny?: readonly [boolean, readonly string[]];
    readonly error?: true | string;
    readonly error_text?: string;
    readonly error_contains?: string;
    /** The data is taken. */
    readonly ok?: true;
    /** The one spelling of a fingerprint. */
    readonly canonical?: string;
    readonly rules?: number;
    readonly ast?: unknown;
    readonly canonical_ppl?: unknown;
    readonly canonical_json?: string;
    readonly rego_body?: string;
  };
}

const cases = readCases<PolicyCase>('criteria.json', 'derived_edge_cases.json', 'parse.json');

describe.skipIf(cases === null)('policies as Pomerium takes and judges them', () => {
  const loaded = new Map((cases ?? []).map((each) => [each.id, load(each)]));
  let verdicts: Verdicts;

  beforeAll(async () => {
    const policies = [...loaded].flatMap(([id, { policy, refusal }]) =>
      policy === null || refusal !== null ? [] : [[id, policy]],
    );
    verdicts = await compileVerdicts(configOf(Object.fromEntries(policies)), { 'bodies.rego': writeBodies() }, [
      BODIES,
    ]);
  });

  judgeCases('policies', cases ?? [], findDifference);

  /** Null where a case comes out as in Pomerium. */
  function findDifference(each: PolicyCase): string | null {
    const { policy, refusal } = loaded.get(each.id) ?? { policy: null, refusal: 'not loaded' };
    const expected = each.expect;

    // Texts of errors are ours, so only the refusal is compared; but not for want of the criterion that is judged.
    const error = expected.error_contains ?? expected.error_text ?? expected.error;
    if (error !== undefined) {
      if (refusal === null) return 'taken, but Pomerium refuses it';
      const isAbsent = refusal.includes('does not have the policy criterion');
      if (isAbsent && !String(error).includes('unknown policy criterion')) return refusal;
      return expected.canonical_ppl === undefined
        ? null
        : compare(policy && writePolicy(policy), expected.canonical_ppl);
    }
    // The cases of the parser alone name criteria that exist nowhere.
    if (policy !== null && expected.ast !== undefined) return compare(writeTree(policy), expected.ast);
    if (policy === null || refusal !== null) return refusal;

    if (expected.ok === true) return null;
    if (expected.canonical !== undefined) {
      const written = Object.values(writeRego(configOf({ case: policy })).modules).join('');
      return compare(/"fingerprint": \["(.*)"\]/.exec(written)?.[1], expected.canonical);
    }
    if (expected.rules !== undefined) return compare(policy.rules.length, expected.rules);
    if (expected.canonical_ppl !== undefined) return compare(writePolicy(policy), expected.canonical_ppl);
    if (expected.canonical_json !== undefined) {
      const data = policy.rules[0]?.blocks[0]?.criteria[0]?.data;
      return compare(data && JSON.stringify(writeData(data)), expected.canonical_json);
    }
    if (expected.rego_body !== undefined) return compareWithBody(each);
    const { allow, deny } = verdicts.judge(writeInput(each));
    const pair = ({ value, reasons }: typeof allow) => [value, reasons];
    return compare({ allow: pair(allow), deny: pair(deny) }, { allow: expected.allow, deny: expected.deny });
  }

  /** Pomerium's own Rego for a matcher and ours must agree on everything that they may be asked. */
  function compareWithBody({ id, input }: PolicyCase): string | null {
    const probes: Partial<Caller>[] =
      input.matcher === 'string'
        ? ['', 'true', '1234', 'admin', 'user', 'test'].map((email) => ({ email }))
        : [[], ['test'], ['test', 'x'], ['x'], [1234], ['1234'], [null], [true]].map((example) => ({
            claims: { example },
          }));
    const differ = probes.filter((caller) => {
      const document = inputOf(id, { caller });
      const holds = verdicts.evaluate(BODIES, document) as string[];
      return holds.includes(id) !== verdicts.judge(document).allow.value;
    });
    return differ.length === 0 ? null : `otherwise for ${JSON.stringify(differ)}`;
  }
});

const BODIES = 'behalf_test/bodies/holds';

/** The bodies of Pomerium's rules as they are, in a set of those that hold. */
function writeBodies(): string {
  const rules = (cases ?? []).flatMap(({ id, input, expect: { rego_body: body } }) => {
    const example = input.matcher === 'string' ? 'input.caller.email' : 'input.caller.claims.example';
    return body === undefined
      ? []
      : `holds contains ${JSON.stringify(id)} if {\n\texample := ${example}\n\t${body}\n}\n`;
  });
  return `package behalf_test.bodies\n\n${rules.join('\n')}`;
}

function load({ input }: PolicyCase): { policy: Policy | null; refusal: string | null } {
  let policy: Policy | null = null;
  try {
    policy = parsePolicyText(writeText(input), 'case');
    writeRego(configOf({ case: policy }));
    return { policy, refusal: null };
  } catch (error) {
    if (error instanceof BehalfError && error.code === 'ERR_CONFIG_INVALID') return { policy, refusal: error.message };
    throw error;
  }
}

/** The policy of a case as text: its own, or the smallest that holds the data in question. */
function writeText({ ppl, text, matcher, data, criterion, field, value_json, value }: PolicyCase['input']): string {
  if (ppl !== undefined) return ppl;
  if (text !== undefined) return text;
  if (matcher !== undefined) return allow(matcher === 'string' ? 'email' : 'claim/example', JSON.stringify(data));
  if (criterion !== undefined) return allow(criterion, `{${JSON.stringify(field)}: ${value_json}}`);
  return allow('accept', JSON.stringify(value));
}

function allow(criterion: string, data: string): string {
  return `{"allow": {"or": [{${JSON.stringify(criterion)}: ${data}}]}}`;
}

function writeInput({ id, input }: PolicyCase): InputDocument {
  const { identity, http, is_valid_client_certificate: isValid = false } = input;
  const headers = Object.entries(http?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), [value].flat()]);
  const request = {
    method: http?.method ?? '',
    path: http?.path ?? '',
    headers: Object.fromEntries(headers),
    ip: http?.ip ?? '',
    client_certificate: writeCertificate(http, isValid),
  };
  return inputOf(id, { request, caller: identity === undefined ? null : writeCaller(identity) });
}

function writeCaller(identity: Identity): Partial<Caller> | null {
  if (identity.kind === 'none') return null;
  return {
    type: identity.kind === 'session' ? 'user' : 'service_account',
    id: identity.user_id ?? '',
    email: identity.effective_email ?? '',
    groups: identity.groups ?? [],
    claims: flattenClaims({ ...identity.session_claims, ...identity.user_claims }) ?? {},
  };
}
