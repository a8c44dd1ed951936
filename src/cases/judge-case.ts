import { isDeepStrictEqual } from 'node:util';
import type { Config } from '../config/config.ts';
import type { Decision } from '../engine/documents.ts';
import type { Engine } from '../engine/load-engine.ts';
import { BehalfError, ERROR_STATUS } from '../errors.ts';
import { type AppliedHeader, type AppliedHeaders, applyDecision } from './apply-decision.ts';
import { findRefusal } from './find-refusal.ts';
import { type ImaginedRequest, imagineRequest } from './imagine-request.ts';
import type { Mismatch, Result } from './result.ts';
import type { Expected, ExpectedHeader, ExpectedHeaders, TestCase } from './test-case.ts';

/** What cases are judged by. */
export interface Bench {
  readonly config: Config;
  readonly engine: Engine;
  /** Texts of the configuration that decisions name by number. */
  readonly headerTexts: readonly string[];
}

export interface Judged {
  readonly result: Result;
  /** Null for what no policy was asked about. */
  readonly request: ImaginedRequest | null;
}

interface Outcome {
  readonly allow: boolean;
  readonly status: number;
  readonly reasons: readonly string[];
  /** The name of the route; "" for none. */
  readonly route: string;
  readonly headers: AppliedHeaders;
  /** Why no policy had its say; null where one had. */
  readonly error: string | null;
}

const NO_HEADERS: AppliedHeaders = { request: new Map(), response: new Map() };

/** Judges one case as the proxy would judge its request. Never throws for what a request or a policy is to blame for. */
export async function judgeCase(testCase: TestCase, bench: Bench): Promise<Judged> {
  const { name, position, skip, imagined, expected } = testCase;
  if (skip !== null) {
    return { result: { name, position, outcome: 'skipped', note: skip, mismatches: [] }, request: null };
  }
  let request: ImaginedRequest | null = null;
  let outcome: Outcome;
  try {
    const asked = imagineRequest(bench.config, imagined);
    outcome = await decide(asked, bench);
    request = asked;
  } catch (error) {
    outcome = readError(error);
  }
  const mismatches = compare(testCase, expected, outcome);
  const result: Result = {
    name,
    position,
    outcome: mismatches.length === 0 ? 'passed' : 'failed',
    note: mismatches.length === 0 ? '' : `${testCase.request}: ${writeOutcome(outcome)}`,
    mismatches,
  };
  return { result, request };
}

async function decide(request: ImaginedRequest, { config, engine, headerTexts }: Bench): Promise<Outcome> {
  const decision: Decision = engine.decide(request.input);
  const { allow, status, reasons } = decision;
  const { id, name: route } = request.input.route;
  const refusal = findRefusal(config, request.input, decision, headerTexts);
  if (refusal !== null) return { ...readError(refusal), route };
  const headers = allow ? await applyDecision(request, decision, headerTexts) : NO_HEADERS;
  return { allow, status, reasons, route, headers, error: id === '' ? 'no route takes this request' : null };
}

function readError(error: unknown): Outcome {
  if (!(error instanceof BehalfError)) throw error;
  const status = ERROR_STATUS[error.code] ?? 0;
  return { allow: false, status, reasons: [], route: '', headers: NO_HEADERS, error: error.message };
}

function writeOutcome({ allow, status, reasons, error }: Outcome): string {
  const verdict = allow ? 'allowed' : status === 0 ? 'not asked' : `refused with ${status}`;
  const why = error ?? reasons.join(', ');
  return why === '' ? verdict : `${verdict}, ${why}`;
}

function compare(testCase: TestCase, expected: TestCase['expected'], outcome: Outcome): readonly Mismatch[] {
  const { allow, status, route, reasons, request_headers: toUpstream, response_headers: toClient } = expected;
  // A slip of the pen in a URL makes no "deny" come true: who means such an answer says its status.
  const isAnswered = outcome.error === null || status?.value === outcome.status;
  const asked: (Mismatch | null)[] = isAnswered
    ? []
    : [
        {
          subject: 'decision',
          position: testCase.position,
          expected: ["of a route's policy"],
          found: [writeOutcome(outcome)],
        },
      ];
  return [
    ...asked,
    allow && differ('allow', allow, [String(allow.value)], [String(outcome.allow)]),
    status && differ('status', status, [String(status.value)], [String(outcome.status)]),
    route && differ('route', route, [route.value], outcome.route === '' ? [] : [outcome.route]),
    reasons && differ('reasons', reasons, [...new Set(reasons.value)].sort(), outcome.reasons),
    ...compareHeaders('request_headers', toUpstream, outcome.headers.request),
    ...compareHeaders('response_headers', toClient, outcome.headers.response),
  ].filter((mismatch) => mismatch !== undefined && mismatch !== null);
}

function differ(
  subject: string,
  { position }: Expected<unknown>,
  expected: readonly string[],
  found: readonly string[],
): Mismatch | null {
  return isDeepStrictEqual(expected, found) ? null : { subject, position, expected, found };
}

function compareHeaders(
  subject: string,
  expected: Expected<ExpectedHeaders> | undefined,
  headers: ReadonlyMap<string, AppliedHeader>,
): (Mismatch | null)[] {
  return Object.entries(expected?.value ?? {}).map(([name, header]) =>
    compareHeader(`${subject} ${name}`, header, headers.get(name.toLowerCase())),
  );
}

function compareHeader(
  subject: string,
  wanted: Expected<ExpectedHeader>,
  header: AppliedHeader | undefined,
): Mismatch | null {
  const { value } = wanted;
  if (value === null) return header === undefined ? null : differ(subject, wanted, ['none'], [header.shown]);
  if (typeof value === 'string') {
    if (header?.value === value) return null;
    return differ(subject, wanted, [value], [header?.shown ?? 'none']);
  }
  const claims = header?.claims;
  if (!claims) return differ(subject, wanted, ['an assertion'], [header?.shown ?? 'none']);
  const names = Object.keys(value).filter((claim) => !isDeepStrictEqual(value[claim], readClaim(claims, claim)));
  if (names.length === 0) return null;
  return {
    subject,
    position: wanted.position,
    expected: names.map((claim) => writeClaim(claim, value[claim])),
    found: names.map((claim) => writeClaim(claim, readClaim(claims, claim))),
  };
}

function readClaim(claims: Readonly<Record<string, unknown>>, claim: string): unknown {
  return Object.hasOwn(claims, claim) ? claims[claim] : null;
}

function writeClaim(claim: string, value: unknown): string {
  return `${claim}: ${JSON.stringify(value ?? null)}`;
}
