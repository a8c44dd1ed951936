import type { Criterion } from '../config/config.ts';
import { nearest } from '../config/nearest.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import type { RouteReads } from '../reads.ts';
import { type MatcherKind, type Subject, writeMatcher } from './write-matcher.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

interface CriterionForm {
  /** Rule or function in `data.behalf.criteria`. */
  readonly call: string;
  /** `ignored`: what is written there means nothing, as in Pomerium. */
  readonly data: MatcherKind | 'ignored';
  /** False where what is compared may be a number, a boolean or null. */
  readonly onlyText: boolean;
  readonly excludes?: Subject['excludes'];
  /** What it reads besides who calls, and on whose behalf; a claim called NAME is that of the subpath. */
  readonly reads: Partial<RouteReads>;
}

const ignored = (call: string): CriterionForm => ({ call, data: 'ignored', onlyText: false, reads: {} });
const text = (call: string): CriterionForm => ({ call, data: 'string', onlyText: true, reads: {} });

// What these say no request has would, in a deny, be silent for ever.

const excludesFromPath = (text: string, operator: string): string | undefined => {
  if (/%[0-9a-f]{2}|\/\/|\/\.{1,2}\/|\p{Cc}/iu.test(text)) {
    return 'is compared normalised and decoded: no path has escapes, "//", "/./", "/../" or control characters';
  }
  const isStart = operator !== 'contains' && operator !== 'ends_with';
  return isStart && !text.startsWith('/') ? 'always starts with "/"' : undefined;
};

const excludesFromMethod = (text: string): string | undefined =>
  /[a-z]/.test(text) ? 'is compared as it is sent, in capitals' : undefined;

const excludesFromDomain = (text: string): string | undefined =>
  text.includes('@') ? 'is what follows the "@", and holds none' : undefined;

const CERTIFICATE = { request: ['client_certificate'] };
const PREFLIGHT = { request: ['method'], headers: ['origin', 'access-control-request-method'] };

/** Every criterion by its key in a policy; a subpath NAME stands for any text but none, and is the call's first argument. */
const CRITERIA: ReadonlyMap<string, CriterionForm> = new Map([
  ['accept', ignored('accept')],
  ['reject', ignored('reject')],
  ['authenticated_user', ignored('authenticated_user')],
  ['user', text('user')],
  ['email', text('email')],
  ['domain', { ...text('domain'), excludes: excludesFromDomain }],
  ['groups', { call: 'groups', data: 'string_list', onlyText: true, reads: {} }],
  ['claim/NAME', { call: 'claim', data: 'string_list', onlyText: false, reads: { claims: ['NAME'] } }],
  ['http_method', { ...text('http_method'), excludes: excludesFromMethod, reads: { request: ['method'] } }],
  ['http_path', { ...text('http_path'), excludes: excludesFromPath, reads: { request: ['path'] } }],
  ['cors_preflight', { ...ignored('cors_preflight'), reads: PREFLIGHT }],
  ['invalid_client_certificate', { ...ignored('invalid_client_certificate'), reads: CERTIFICATE }],
  ['original_user/email', text('original_user_email')],
  ['original_user/domain', { ...text('original_user_domain'), excludes: excludesFromDomain }],
  ['original_user/user', text('original_user_user')],
]);

/** Pomerium's and Behalf's own that are not there, later or never: a typing error is not the reason. */
const ABSENT: readonly string[] = [
  'caller_type',
  'client_certificate',
  'date',
  'day_of_week',
  'device',
  'mcp_tool',
  'original_user',
  'original_user/claim',
  'original_user/claim/NAME',
  'original_user/groups',
  'original_user/issuer',
  'original_user/type',
  'pomerium_routes',
  'record',
  'source_ip',
  'ssh_ca',
  'ssh_publickey',
  'ssh_username',
  'ssh_username_matches_claim',
  'ssh_username_matches_email',
  'time_of_day',
];

/**
 * Checks one criterion of a policy and writes it as a call of the library, as in `criteria.domain({"is": "x.com"})`.
 * Undefined where it is wrong; each fault goes to `problems`, with its place.
 */
export function writeCriterion(criterion: Criterion, problems: Problems): string | undefined {
  const { name, subpath, position } = criterion;
  const key = subpath === null ? name : `${name}/${subpath}`;
  const quoted = quote(key);

  for (const [pattern, form] of CRITERIA) {
    const match = matchKey(pattern, key);
    if (match === null) continue;
    const call = `criteria.${form.call}`;
    if (form.data === 'ignored') return call;
    if (!key.isWellFormed())
      return problems.error(position, 'half a surrogate pair is not text and cannot be compared');
    const { data: matcherKind, onlyText, excludes } = form;
    const matcher = writeMatcher({ name: key, matcher: matcherKind, onlyText, excludes }, criterion.data, problems);
    if (matcher === undefined) return undefined;
    return match.name === null ? `${call}(${matcher})` : `${call}(${writeRegoScalar(match.name)}, ${matcher})`;
  }
  if (ABSENT.some((pattern) => matchKey(pattern, key) !== null)) {
    return problems.error(position, `Behalf does not have the policy criterion ${quoted} yet`);
  }
  if (CRITERIA.has(name)) return problems.error(position, `policy criterion "${name}" takes nothing after a slash`);
  if (CRITERIA.has(`${name}/NAME`)) {
    return problems.error(position, `policy criterion "${name}" must have a name, as in "${name}/NAME"`);
  }
  const known = [...CRITERIA.keys()].map((pattern) => pattern.replace('NAME', () => subpath ?? 'NAME'));
  const near = nearest(key, known);
  const hint = near === null ? '' : `: did you mean ${quote(near)}?`;
  return problems.error(position, `unknown policy criterion ${quoted}${hint}`);
}

/** What a criterion that can be written reads of the request and of claims. */
export function listCriterionReads({ name, subpath }: Criterion): Partial<RouteReads> {
  const key = subpath === null ? name : `${name}/${subpath}`;
  for (const [pattern, { reads }] of CRITERIA) {
    const match = matchKey(pattern, key);
    if (match === null) continue;
    return match.name === null || reads.claims === undefined ? reads : { ...reads, claims: [match.name] };
  }
  throw new TypeError(`no policy criterion is called ${quote(key)}`);
}

/** Whether a key is that of a pattern, and if so what stands for its NAME; null as the name where it has none. */
function matchKey(pattern: string, key: string): { name: string | null } | null {
  if (!pattern.endsWith('/NAME')) return key === pattern ? { name: null } : null;
  const start = pattern.slice(0, -'NAME'.length);
  return key.length > start.length && key.startsWith(start) ? { name: key.slice(start.length) } : null;
}
