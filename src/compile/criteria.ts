import type { Criterion, Located } from '../config/config.ts';
import { nearest } from '../config/nearest.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import type { RouteReads } from '../reads.ts';
import { CRITERION_FORMS, type CriterionForm } from './criterion-forms.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

/** Pomerium's that are not there, and why: a typing error is not the reason. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['device', 'it registers no devices, and knows none'],
  ['mcp_tool', 'it reads no bodies, so it does not know which tool of MCP is called'],
  ['pomerium_routes', 'its own pages under /.pomerium/ need no policy, so leave it out'],
  ['record', 'it has no store of records from elsewhere; a policy in Rego can read "data"'],
  ...['ssh_ca', 'ssh_publickey', 'ssh_username', 'ssh_username_matches_claim', 'ssh_username_matches_email'].map(
    (name): [string, string] => [name, 'it is a proxy of HTTP, not of SSH'],
  ),
]);

const INSTEAD = {
  positive: 'a rule for each alternative, with all that must hold for it in "and": rules are alternatives',
  negative: 'a matcher such as "groups: {exclude: NAME}", or a rule with "deny"',
};
/** The operators of blocks, and what to write instead of a block within a block. */
const NESTED: ReadonlyMap<string, string> = new Map([
  ['and', INSTEAD.positive],
  ['or', INSTEAD.positive],
  ['not', INSTEAD.negative],
  ['nor', INSTEAD.negative],
]);

interface Found extends CriterionForm {
  /** What stands for NAME in the key; null where the pattern has none. */
  readonly named: string | null;
}

/**
 * Checks one criterion of a policy and writes it as a call of the library, as in `criteria.domain({"is": "x.com"})`.
 * Undefined where it is wrong; each fault goes to `problems`, with its place.
 *
 * @param mustHold where a comparison that never holds would let somebody in, as in a deny: an error then, else a warning
 */
export function writeCriterion(criterion: Criterion, problems: Problems, mustHold = false): string | undefined {
  const key = keyOf(criterion);
  const form = findForm(key);
  if (form === null) return problems.error(criterion.position, explainUnknown(criterion));
  const call = `criteria.${form.call}`;
  if (form.write === null) {
    warnOfIgnored(key, criterion.data, problems);
    return call;
  }
  if (!key.isWellFormed()) {
    return problems.error(criterion.position, 'half a surrogate pair is not text and cannot be compared');
  }
  const data = form.write(key, criterion.data, mustHold ? { ...problems, warning: problems.error } : problems);
  if (data === undefined) return undefined;
  return form.named === null ? `${call}(${data})` : `${call}(${writeRegoScalar(form.named)}, ${data})`;
}

/** Pomerium ignores what stands there, but whoever wrote a matcher or `false` means something. */
function warnOfIgnored(key: string, data: Located, problems: Problems): void {
  if (data.kind === 'scalar' && (data.value === null || data.value === true || data.value === '')) return;
  const isOriginal = key === 'original_user';
  const hint = isOriginal
    ? '; criteria on the original user are "original_user/email", "original_user/domain", ...'
    : '';
  problems.warning(
    data.position,
    `${quote(key)} compares nothing, and what stands there is ignored: write "true"${hint}`,
  );
}

/**
 * What a criterion that can be written reads of the request and of claims, besides who calls and on whose behalf; null
 * where it reads the time, as no decision is like an earlier one then.
 */
export function listCriterionReads(criterion: Criterion): Partial<RouteReads> | null {
  const facts = factsOf(criterion);
  const under = (...path: string[]) =>
    facts.filter((fact) => path.every((name, at) => fact[at] === name)).map((fact) => fact[path.length] ?? '');
  if (under('time_ns').length > 0) return null;
  return {
    request: under('request').filter((name) => name !== 'headers'),
    headers: under('request', 'headers'),
    claims: [...under('caller', 'claims'), ...under('original_user', 'claims')],
  };
}

/**
 * The value of an input document that a criterion compares, or several by their paths; null where it compares nothing, or
 * there is nothing to compare. Times are in UTC, as in `2030-01-31T18:00:00.000Z`.
 */
export function findCompared(criterion: Criterion, input: object): unknown {
  const found = factsOf(criterion).map((path) => [path.join('.'), findFact(path, input)] as const);
  return found.length > 1 ? Object.fromEntries(found) : (found[0]?.[1] ?? null);
}

/**
 * Every criterion that there is: its key, with NAME for any name; what it takes; and what it reads of the input document,
 * such as `caller.email`.
 */
export function listCriteria(): readonly (Pick<CriterionForm, 'matcher' | 'reads'> & { readonly key: string })[] {
  return [...CRITERION_FORMS].map(([key, { matcher, reads }]) => ({ key, matcher, reads }));
}

/** The paths of what it reads in an input document. */
function factsOf(criterion: Criterion): readonly (readonly string[])[] {
  const { reads, named } = formOf(criterion);
  return reads.map((path) => path.split('.').map((name) => (name === 'NAME' ? (named ?? '') : name)));
}

function findFact(path: readonly string[], input: object): unknown {
  let found: unknown = input;
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return null;
    // All but headers and claims is always there; of those, none is an empty list.
    found = Object.hasOwn(found, name) ? found[name as keyof object] : [];
  }
  return path[0] === 'time_ns' ? new Date(Number(found) / 1e6).toISOString() : found;
}

/** As it stands in the YAML: `email`, `claim/department`. */
export function keyOf({ name, subpath }: Pick<Criterion, 'name' | 'subpath'>): string {
  return subpath === null ? name : `${name}/${subpath}`;
}

function formOf(criterion: Criterion): Found {
  const found = findForm(keyOf(criterion));
  if (found === null) throw new TypeError(`no policy criterion is called ${quote(keyOf(criterion))}`);
  return found;
}

function findForm(key: string): Found | null {
  for (const [pattern, form] of CRITERION_FORMS) {
    const start = pattern.endsWith('/NAME') ? pattern.slice(0, -'NAME'.length) : null;
    if (start === null ? key === pattern : key.length > start.length && key.startsWith(start)) {
      return { ...form, named: start && key.slice(start.length) };
    }
  }
  return null;
}

function explainUnknown(criterion: Criterion): string {
  const { name } = criterion;
  const key = keyOf(criterion);
  const why = REFUSED.get(name);
  if (why !== undefined) return `Behalf does not have the policy criterion ${quote(key)}: ${why}`;
  const instead = NESTED.get(key);
  if (instead !== undefined) return `"${key}" is no policy criterion, and blocks do not nest: write ${instead}`;
  const parent = key.replace(/\/$/, '');
  if (CRITERION_FORMS.has(`${parent}/NAME`)) {
    return `policy criterion "${parent}" must have a name, as in "${parent}/NAME"`;
  }
  const patterns = [...CRITERION_FORMS.keys()];
  if (CRITERION_FORMS.has(name) && !patterns.some((pattern) => pattern.startsWith(`${name}/`))) {
    return `policy criterion "${name}" takes nothing after a slash`;
  }
  const parts = key.split('/');
  const known = patterns.map((pattern) =>
    pattern.replace('NAME', () => parts.slice(pattern.split('/').length - 1).join('/') || 'NAME'),
  );
  const near = nearest(key, known);
  const hint = near === null ? '' : `: did you mean ${quote(near)}?`;
  return `unknown policy criterion ${quote(key)}${hint}`;
}
