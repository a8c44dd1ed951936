import { beforeAll, describe, expect, test } from 'vitest';
import type { Policy } from '../../src/config/config.ts';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import { compileVerdicts, type Verdicts } from './compile-verdicts.ts';
import { configOf } from './config-of.ts';
import { type Facts, inputOf } from './input-of.ts';

interface Case {
  readonly passes: Facts;
  readonly fails: Facts;
  /** Reasons without and with the fault; the second where it is not `<name>-unauthorized`. */
  readonly reasons: readonly [string, string?];
}

const ann: Facts = {
  caller: { id: 'ann', email: 'ann@x.com', groups: ['dev', 'ops'], claims: { role: ['admin'], level: [5] } },
};
const bob: Facts = {
  caller: { id: 'bob', email: 'bob@y.org', groups: ['dev'], claims: { role: ['viewer', 'admin2'] } },
};
const nobody: Facts = { caller: null };
const preflight = { origin: ['https://a'], 'access-control-request-method': ['GET'] };
const forUser = (email: string, id: string): Facts => ({
  caller: { type: 'service_account', id: 'api' },
  original_user: { email, id },
});
const certificate = { valid: true, fingerprint: '', spki_hash: '', san_dns: [], san_email: [], san_uri: [] };

const CRITERIA: Record<string, Case> = {
  'authenticated_user: true': { passes: ann, fails: nobody, reasons: ['user-ok', 'user-unauthenticated'] },
  'user: ann': { passes: ann, fails: bob, reasons: ['user-ok'] },
  'user: {not: ann}': { passes: bob, fails: nobody, reasons: ['user-ok', 'user-unauthenticated'] },
  'email: ann@x.com': { passes: ann, fails: bob, reasons: ['email-ok'] },
  'email: {not: eve@x.com}': { passes: ann, fails: nobody, reasons: ['email-ok', 'user-unauthenticated'] },
  'domain: x.com': { passes: ann, fails: bob, reasons: ['domain-ok'] },
  'domain: {ends_with: x.com}': {
    passes: ann,
    fails: { caller: { email: 'a@evil@x.com' } },
    reasons: ['domain-ok'],
  },
  'groups: ops': { passes: ann, fails: bob, reasons: ['groups-ok'] },
  'groups: {is: dev}': { passes: bob, fails: ann, reasons: ['groups-ok'] },
  'groups: {exclude: ops}': { passes: bob, fails: ann, reasons: ['groups-ok'] },
  'claim/role: admin': { passes: ann, fails: bob, reasons: ['claim-ok'] },
  'claim/role: {is: admin}': { passes: ann, fails: bob, reasons: ['claim-ok'] },
  'claim/role: {exclude: viewer}': { passes: ann, fails: bob, reasons: ['claim-ok'] },
  'claim/level: 5': { passes: ann, fails: { caller: { claims: { level: ['5'] } } }, reasons: ['claim-ok'] },
  'http_method: GET': { passes: {}, fails: { request: { method: 'get' } }, reasons: ['http-method-ok'] },
  'http_path: {starts_with: /a}': {
    passes: { request: { path: '/a/b' } },
    fails: { request: { path: '/b/a' } },
    reasons: ['http-path-ok'],
  },
  'cors_preflight: true': {
    passes: { request: { method: 'OPTIONS', headers: preflight } },
    fails: { request: { method: 'GET', headers: preflight } },
    reasons: ['cors-request', 'non-cors-request'],
  },
  'invalid_client_certificate: true': {
    passes: { request: { client_certificate: null } },
    fails: { request: { client_certificate: certificate } },
    reasons: ['client-certificate-required', 'valid-client-certificate'],
  },
  'original_user/email: ann@x.com': {
    passes: forUser('ann@x.com', 'ann'),
    fails: forUser('bob@x.com', 'bob'),
    reasons: ['original-user-ok'],
  },
  'original_user/email: {ends_with: "@x.com"}': {
    passes: forUser('ann@x.com', 'ann'),
    fails: { caller: { type: 'service_account' }, original_user: { type: 'service_account', email: 'ann@x.com' } },
    reasons: ['original-user-ok'],
  },
  'original_user/domain: x.com': {
    passes: forUser('ann@x.com', 'ann'),
    fails: forUser('ann@y.org', 'ann'),
    reasons: ['original-user-ok'],
  },
  'original_user/user: ann': {
    passes: forUser('ann@x.com', 'ann'),
    fails: { ...forUser('ann@x.com', 'ann'), caller: ann.caller ?? null },
    reasons: ['original-user-ok', 'original-user-missing'],
  },
  'original_user: true': {
    passes: forUser('ann@x.com', 'ann'),
    fails: { caller: { type: 'service_account' } },
    reasons: ['original-user-ok', 'original-user-missing'],
  },
  'original_user/type: service_account': {
    passes: { caller: { type: 'service_account' }, original_user: { type: 'service_account' } },
    fails: forUser('ann@x.com', 'ann'),
    reasons: ['original-user-ok'],
  },
  'original_user/claim/role: admin': {
    passes: { caller: { type: 'service_account' }, original_user: { claims: { role: ['admin'] } } },
    fails: { caller: { type: 'service_account', claims: { role: ['admin'] } }, original_user: {} },
    reasons: ['original-user-ok'],
  },
  'caller_type: service_account': {
    passes: { caller: { type: 'service_account' } },
    fails: ann,
    reasons: ['caller-type-ok'],
  },
  'source_ip: ["::ffff:10.1.0.0/112", "2001:db8::/32"]': {
    passes: { request: { ip: '10.1.2.3' } },
    fails: { request: { ip: '10.2.2.3' } },
    reasons: ['source-ip-ok'],
  },
  'client_certificate: {san_dns: {ends_with: .x.com}}': {
    passes: { request: { client_certificate: { ...certificate, san_dns: ['a', 'b.x.com'] } } },
    fails: { request: { client_certificate: null } },
    reasons: ['client-certificate-ok'],
  },
  'date: {after: "2023-11-14T10:00:00-05:00", before: 2023-11-14T16:00}': {
    passes: { time_ns: Date.parse('2023-11-14T15:30Z') * 1e6 },
    fails: { time_ns: Date.parse('2023-11-14T14:30Z') * 1e6 },
    reasons: ['date-ok'],
  },
  'day_of_week: {is: sat-mon, timezone: Asia/Tokyo}': {
    passes: { time_ns: Date.parse('2023-11-17T15:00Z') * 1e6 },
    fails: { time_ns: Date.parse('2023-11-17T14:59Z') * 1e6 },
    reasons: ['day-of-week-ok'],
  },
  'time_of_day: {timezone: America/New_York, after: 10PM, before: 6:00}': {
    passes: { time_ns: Date.parse('2023-11-15T03:30Z') * 1e6 },
    fails: { time_ns: Date.parse('2023-11-15T02:30Z') * 1e6 },
    reasons: ['time-of-day-ok'],
  },
  'email: {contains: nn@}': { passes: ann, fails: bob, reasons: ['email-ok'] },
  'email: {starts_with: ann}': { passes: ann, fails: { caller: { email: 'Ann@x.com' } }, reasons: ['email-ok'] },
  'email: {ends_with: "@x.com"}': { passes: ann, fails: bob, reasons: ['email-ok'] },
  'email: {in: [ann@x.com, eve@x.com]}': { passes: ann, fails: bob, reasons: ['email-ok'] },
  'email: {not_in: [bob@y.org, eve@x.com]}': { passes: ann, fails: bob, reasons: ['email-ok'] },
  'email: {starts_with: ann, ends_with: x.com}': {
    passes: ann,
    fails: { caller: { email: 'ann@y.org' } },
    reasons: ['email-ok'],
  },
};

/** All judged of a GET of / by Ann. */
const BLOCKS: Record<string, readonly [boolean, ...string[]]> = {
  'and: [{accept: 1}, {user: ann}]': [true, 'accept', 'user-ok'],
  'and: [{accept: 1}, {user: bob}, {domain: y.org}]': [false, 'domain-unauthorized', 'user-unauthorized'],
  'or: [{reject: 1}, {user: ann}]': [true, 'user-ok'],
  'or: [{reject: 1}, {user: bob}]': [false, 'reject', 'user-unauthorized'],
  'not: [{user: bob}, {domain: y.org}]': [true, 'domain-unauthorized', 'user-unauthorized'],
  'not: [{user: ann}, {domain: y.org}]': [false, 'user-ok'],
  'nor: [{user: ann}, {domain: y.org}]': [true, 'domain-unauthorized'],
  'nor: [{user: ann}, {domain: x.com}]': [false, 'domain-ok', 'user-ok'],
  'and: [{user: bob}], or: [{domain: x.com}]': [true, 'domain-ok'],
  'and: []': [false],
};

let verdicts: Verdicts;
beforeAll(async () => {
  const policies: Record<string, Policy> = {};
  for (const criterion of Object.keys(CRITERIA)) policies[criterion] = parse(`allow: {and: [{${criterion}}]}`);
  for (const block of Object.keys(BLOCKS)) policies[block] = parse(`allow: {${block}}\ndeny: {${block}}`);
  verdicts = await compileVerdicts(configOf(policies));
});

function parse(text: string): Policy {
  return parsePolicyText(text, 'p.yaml');
}

describe('a criterion passes, and fails', () => {
  test.each(Object.entries(CRITERIA))('%s', (criterion, { passes, fails, reasons: [good, bad] }) => {
    const judge = (facts: Facts) => verdicts.judge(inputOf(criterion, facts)).allow;
    expect(judge(passes)).toEqual({ value: true, reasons: [good] });
    expect(judge(fails)).toEqual({ value: false, reasons: [bad ?? good.replace(/ok$/, 'unauthorized')] });
  });
});

describe('blocks join criteria', () => {
  test.each(Object.entries(BLOCKS))('%s', (block, [value, ...reasons]) => {
    const side = { value, reasons };
    expect(verdicts.judge(inputOf(block, ann))).toEqual({ allow: side, deny: side });
  });
});
