import { expect, test } from 'vitest';
import { parseLine } from '../../src/decision-log/parse-line.ts';
import { writeLine } from '../../src/decision-log/write-line.ts';
import type { RouteReads } from '../../src/reads.ts';
import { type Gaps, listGaps } from '../../src/replay/list-gaps.ts';
import type { Facts } from '../compile/input-of.ts';
import { decidedOf } from '../decision-log/decided-of.ts';

const NOTHING: RouteReads = { request: [], headers: [], claims: [] };
const NONE: Gaps = { missing: [], unsure: [] };
const ALL = undefined;
const TOKEN = 'eyJhbGciOiJub25lIn0.e30.';

interface Case {
  readonly facts?: Facts;
  /** Of the policy that the line was written by. */
  readonly earlier: RouteReads | undefined;
  /** Of the one that it is judged by now. */
  readonly now: RouteReads | undefined;
  readonly gaps: Gaps;
}

const header = { ...NOTHING, headers: ['origin'] };
const claim = { ...NOTHING, claims: ['dept'] };
const query = { ...NOTHING, request: ['query'] };
const path = { ...NOTHING, request: ['path'] };
const somebody: Facts = { caller: { claims: { dept: ['a'] } } };
const withOrigin: Facts = { request: { headers: { origin: ['o'] } } };

const cases: Record<string, Case> = {
  'nothing is read': { earlier: NOTHING, now: NOTHING, gaps: NONE },
  'what was read is read': {
    facts: { ...withOrigin, ...somebody },
    earlier: { ...header, ...claim },
    now: claim,
    gaps: NONE,
  },
  'a header that was not read': { earlier: NOTHING, now: header, gaps: { missing: ['header "origin"'], unsure: [] } },
  'a header that was read, and not there': { earlier: header, now: header, gaps: NONE },
  'a header that was masked': {
    facts: withOrigin,
    earlier: ALL,
    now: header,
    gaps: { missing: ['header "origin"'], unsure: [] },
  },
  'a header that would have been masked, had it been there': { earlier: ALL, now: header, gaps: NONE },
  'a claim that was not read': {
    facts: somebody,
    earlier: NOTHING,
    now: claim,
    gaps: { missing: ['claim "dept"'], unsure: [] },
  },
  'a claim of nobody': { earlier: NOTHING, now: claim, gaps: NONE },
  'a claim where all are recorded': { facts: somebody, earlier: ALL, now: claim, gaps: NONE },
  'a query': {
    facts: { request: { query: 'a=1' } },
    earlier: query,
    now: query,
    gaps: { missing: ['request.query'], unsure: [] },
  },
  'no query': { earlier: query, now: query, gaps: NONE },
  'a path with a token in it': {
    facts: { request: { path: `/${TOKEN}` } },
    earlier: path,
    now: path,
    gaps: { missing: ['request.path'], unsure: [] },
  },
  'that path, which is not read': {
    facts: { request: { path: `/${TOKEN}` } },
    earlier: path,
    now: NOTHING,
    gaps: NONE,
  },
  'a claim with a token in it': {
    facts: { caller: { claims: { dept: [TOKEN] } } },
    earlier: claim,
    now: claim,
    gaps: { missing: ['claim "dept"'], unsure: [] },
  },
  'an id with a token in it': {
    facts: { caller: { id: TOKEN } },
    earlier: NOTHING,
    now: NOTHING,
    gaps: { missing: ['caller.id'], unsure: [] },
  },
  'all may be read, and is there': { facts: somebody, earlier: ALL, now: ALL, gaps: NONE },
  'all may be read, and a header is masked': {
    facts: withOrigin,
    earlier: ALL,
    now: ALL,
    gaps: { missing: [], unsure: ['headers'] },
  },
  'all may be read, and little was recorded': {
    facts: { ...somebody, request: { query: 'a=1' } },
    earlier: NOTHING,
    now: ALL,
    gaps: { missing: [], unsure: ['headers', 'claims', 'request.query'] },
  },
};
test.each(Object.entries(cases))('%s', (_, { facts = {}, earlier, now, gaps }) => {
  const line = parseLine(writeLine(decidedOf(facts), earlier, { headers: [], claims: [] }));
  expect(listGaps(line, now)).toEqual(gaps);
});
