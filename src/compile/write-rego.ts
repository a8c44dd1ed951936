import { createHash } from 'node:crypto';
import type { Config, Policy, PolicyBlock, PolicyRule, RegoPackage, RegoSource, Route } from '../config/config.ts';
import { collectProblems, type Problems } from '../config/problems.ts';
import type { Position, Problem } from '../errors.ts';
import type { AuthoredModule } from '../opa/compiler-protocol.ts';
import { checkCertificates } from './check-certificates.ts';
import { collectAuthored } from './collect-authored.ts';
import { writeCriterion } from './criteria.ts';
import { listBlocks } from './list-blocks.ts';
import { type PolicyData, writeData } from './write-data.ts';

/** Where the lines of a module came from, for one of the routes that have this policy. */
export interface PolicySource {
  readonly route: Route;
  /** One for each line of the module; null where no criterion is written. */
  readonly positions: readonly (Position | null)[];
}

export interface WrittenRego {
  /** By path, `policies/p_<hash>.rego`; equal policies are one module. */
  readonly modules: Readonly<Record<string, string>>;
  /** What authors wrote themselves, by path, `rego/m_<hash>.rego`; equal texts are one module. */
  readonly authored: Readonly<Record<string, AuthoredModule>>;
  /** What policies in Rego read as data. */
  readonly documents: Readonly<Record<string, unknown>>;
  /** The documents, and what the library reads. */
  readonly data: PolicyData;
  /** Texts of the configuration that headers are made of; `data` has their numbers alone. */
  readonly headerTexts: readonly string[];
  /** By the path of the module. Kept beside the text: a line that moved in the YAML changes no module. */
  readonly sources: Readonly<Record<string, readonly PolicySource[]>>;
  /** By the path of an authored module. */
  readonly authoredSources: Readonly<Record<string, RegoSource>>;
  /** Sorted by position. */
  readonly warnings: readonly Problem[];
}

interface Line {
  readonly text: string;
  readonly position: Position | null;
}

/** A call of logic with its arguments, a call of a criterion, or a rule of the same module. */
type Term =
  | { readonly kind: 'logic'; readonly name: LogicName; readonly items: readonly Term[] }
  | { readonly kind: 'criterion'; readonly call: string; readonly position: Position }
  | { readonly kind: 'rule'; readonly name: string };

type LogicName = (typeof LOGIC)[keyof typeof LOGIC];

const LOGIC = { and: 'all_of', or: 'any_of', not: 'none_of', nor: 'not_all_of' } as const;

/** What joins parts of a long list into what the whole would be. */
const JOINS = { all_of: 'all_of', any_of: 'any_of', none_of: 'all_of', not_all_of: 'any_of' } as const;

/**
 * The most calls in one rule. OPA's compiler nests with each, and keeps the rule's text for each: 600 overflow its
 * stack. A list of a few hundred allowed users is usual.
 */
const MAX_ITEMS = 100;

/**
 * Writes the policies of all routes as Rego that calls the library in policy/, one line a criterion.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem of every policy
 */
export function writeRego(config: Config): WrittenRego {
  const modules: Record<string, string> = {};
  const policies: Record<string, string> = {};
  const sources: Record<string, PolicySource[]> = {};
  const problems = collectProblems();
  const authored = collectAuthored(config, problems);

  for (const route of config.routes) {
    checkCertificates(route.policy, problems);
    const body = writeBody(route.policy, problems);
    const id = `p_${createHash('sha256').update(joinLines(body)).digest('hex').slice(0, 12)}`;
    const path = `policies/${id}.rego`;
    const lines = [line(`package policies.${id}`), line(''), ...body];
    const text = joinLines(lines);
    if ((modules[path] ?? text) !== text) throw new Error(`two policies have the hash ${id}`);
    modules[path] = text;
    sources[path] ??= [];
    sources[path].push({ route, positions: lines.map(({ position }) => position) });
    policies[route.id] = id;
  }
  const { data, headerTexts } = writeData(config, policies);
  const documents = Object.fromEntries(Object.entries(config.data).map(([root, { value }]) => [root, value]));
  const written = { modules, ...authored, documents, data: { ...documents, ...data }, headerTexts, sources };
  const { result, warnings } = problems.finish(written);
  return { ...result, warnings };
}

function writeBody(policy: Policy, problems: Problems): Line[] {
  const parts: Term[] = [];
  const allow = buildSide(policy, 'allow', parts, problems);
  const deny = buildSide(policy, 'deny', parts, problems);
  const rules = [
    line('verdict := {'),
    ...writeTerm(1, '"allow": ', allow, ','),
    ...writeTerm(1, '"deny": ', deny, ','),
    line('}'),
    ...parts.flatMap((part, at) => [line(''), ...writeTerm(0, `${partName(at)} := `, part, '')]),
  ];
  // OPA's strict mode refuses an import that nothing uses.
  const uses = {
    criteria: rules.some(({ position }) => position !== null),
    logic: allow.kind === 'logic' || deny.kind === 'logic',
    rego: policy.rego.length > 0,
  };
  return [
    ...Object.entries(uses).flatMap(([name, isUsed]) => (isUsed ? [line(`import data.behalf.${name}`)] : [])),
    line(''),
    ...rules,
    ...(uses.rego ? writePackages(policy.rego) : []),
  ];
}

/** What the policy's packages say, whatever of it they leave undefined. */
function writePackages(packages: readonly RegoPackage[]): Line[] {
  const call = (name: string, rule: string) => `{document | document := data.${name}.${rule}}`;
  const writeActions = (rule: string) => [
    line(''),
    line(`${rule} := rego.header_actions([`),
    ...packages.map(({ name }) => line(`\t${call(name, rule)},`)),
    line('])'),
  ];
  return [
    ...packages.flatMap(({ name, position }, at) => [
      line(''),
      { text: `${regoName(at)} := {`, position },
      line(`\t"allow": rego.result(${call(name, 'allow')}),`),
      line(`\t"deny": rego.result(${call(name, 'deny')}),`),
      line('}'),
    ]),
    ...writeActions('request_headers'),
    ...writeActions('response_headers'),
  ];
}

/** The blocks of all rules of one action are ORed, and so is what packages of Rego say. */
function buildSide(policy: Policy, action: PolicyRule['action'], parts: Term[], problems: Problems): Term {
  const blocks = listBlocks(policy, action);
  const isLong = blocks.length > 1 && blocks.flatMap(({ criteria }) => criteria).length > MAX_ITEMS;
  const terms = blocks.map((block) => {
    const term = buildLogic(LOGIC[block.operator], buildCriteria(block, action, problems), parts);
    return isLong ? addPart(term, parts) : term;
  });
  const rego = policy.rego.map((_, at): Term => ({ kind: 'rule', name: `${regoName(at)}.${action}` }));
  const [first, ...others] = [...terms, ...rego];
  return first !== undefined && others.length === 0 ? first : buildLogic(LOGIC.or, [...terms, ...rego], parts);
}

function buildCriteria(block: PolicyBlock, action: PolicyRule['action'], problems: Problems): Term[] {
  const isNegated = block.operator === 'not' || block.operator === 'nor';
  return block.criteria.flatMap((criterion): Term[] => {
    const call = writeCriterion(criterion, problems, action === 'deny' || isNegated);
    return call === undefined ? [] : [{ kind: 'criterion', call, position: criterion.position }];
  });
}

function buildLogic(name: LogicName, items: readonly Term[], parts: Term[]): Term {
  if (items.length <= MAX_ITEMS) return { kind: 'logic', name, items };
  const references: Term[] = [];
  for (let at = 0; at < items.length; at += MAX_ITEMS) {
    references.push(addPart({ kind: 'logic', name, items: items.slice(at, at + MAX_ITEMS) }, parts));
  }
  return buildLogic(JOINS[name], references, parts);
}

function addPart(part: Term, parts: Term[]): Term {
  parts.push(part);
  return { kind: 'rule', name: partName(parts.length - 1) };
}

function regoName(at: number): string {
  return `rego_${at}`;
}

function partName(at: number): string {
  return `_part_${at}`;
}

/** As `opa fmt` has it: tabs, a line for each item, a comma after the last too. */
function writeTerm(depth: number, before: string, term: Term, after: string): Line[] {
  const start = '\t'.repeat(depth) + before;
  switch (term.kind) {
    case 'criterion':
      return [{ text: start + term.call + after, position: term.position }];
    case 'rule':
      return [line(start + term.name + after)];
    case 'logic': {
      if (term.items.length === 0) return [line(`${start}logic.${term.name}([])${after}`)];
      const items = term.items.flatMap((item) => writeTerm(depth + 1, '', item, ','));
      return [line(`${start}logic.${term.name}([`), ...items, line(`${'\t'.repeat(depth)}])${after}`)];
    }
  }
}

function line(text: string): Line {
  return { text, position: null };
}

function joinLines(lines: readonly Line[]): string {
  return lines.map(({ text }) => `${text}\n`).join('');
}
