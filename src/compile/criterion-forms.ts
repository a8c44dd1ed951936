import type { Located } from '../config/config.ts';
import type { Problems } from '../config/problems.ts';
import { writeAddresses } from './write-addresses.ts';
import { writeCertificateMatcher } from './write-certificate-matcher.ts';
import { writeDate } from './write-date.ts';
import { writeDayOfWeek } from './write-day-of-week.ts';
import { type MatcherKind, type Subject, writeMatcher } from './write-matcher.ts';
import { writeTimeOfDay } from './write-time-of-day.ts';

type WriteData = (key: string, data: Located, problems: Problems) => string | undefined;

export interface CriterionForm {
  /** Rule or function in `data.behalf.criteria`. */
  readonly call: string;
  /** What it takes. */
  readonly matcher: MatcherKind | 'addresses' | 'certificate' | 'date' | 'day_of_week' | 'time_of_day' | 'ignored';
  /** Writes the data as a Rego term, the call's last argument; null where it is ignored: it means nothing, as in Pomerium. */
  readonly write: WriteData | null;
  /** What it reads of the input document, and compares; NAME is what the key has in its place. */
  readonly reads: readonly string[];
}

const ignored = (call: string, ...reads: string[]): CriterionForm => ({ call, matcher: 'ignored', write: null, reads });

const text = (call: string, fact: string, excludes?: Subject['excludes']): CriterionForm => ({
  call,
  matcher: 'string',
  write: (name, data, problems) => writeMatcher({ name, matcher: 'string', excludes }, data, problems),
  reads: [fact],
});

const list = (call: string, matcher: 'string_list' | 'claim', fact: string): CriterionForm => ({
  call,
  matcher,
  write: (name, data, problems) => writeMatcher({ name, matcher }, data, problems),
  reads: [fact],
});

// What these say no request has would, in a deny, be silent for ever.

const excludesFromPath: Subject['excludes'] = (text, operator) => {
  if (/%[0-9a-f]{2}|\/\/|\/\.{1,2}\/|\p{Cc}/iu.test(text)) {
    return 'is compared normalised and decoded: no path has escapes, "//", "/./", "/../" or control characters';
  }
  const isStart = operator !== 'contains' && operator !== 'ends_with';
  return isStart && !text.startsWith('/') ? 'always starts with "/"' : undefined;
};

const excludesFromMethod: Subject['excludes'] = (text) =>
  /[a-z]/.test(text) ? 'is compared as it is sent, in capitals' : undefined;

const excludesFromDomain: Subject['excludes'] = (text) =>
  text.includes('@') ? 'is what follows the "@", and holds none' : undefined;

const excludesFromType: Subject['excludes'] = (text, operator) => {
  const isPart = ['contains', 'starts_with', 'ends_with'].includes(operator);
  const isKnown = ['user', 'service_account'].some((type) => (isPart ? type.includes(text) : type === text));
  return isKnown ? undefined : 'is either "user" or "service_account"';
};

/** Every criterion by its key in a policy; a NAME at its end stands for any text but none, and is the call's first argument. */
export const CRITERION_FORMS: ReadonlyMap<string, CriterionForm> = new Map([
  ['accept', ignored('accept')],
  ['reject', ignored('reject')],
  ['authenticated_user', ignored('authenticated_user', 'caller.id')],
  ['user', text('user', 'caller.id')],
  ['email', text('email', 'caller.email')],
  ['domain', text('domain', 'caller.email', excludesFromDomain)],
  ['groups', list('groups', 'string_list', 'caller.groups')],
  ['claim/NAME', list('claim', 'claim', 'caller.claims.NAME')],
  ['caller_type', text('caller_type', 'caller.type', excludesFromType)],
  ['http_method', text('http_method', 'request.method', excludesFromMethod)],
  ['http_path', text('http_path', 'request.path', excludesFromPath)],
  [
    'cors_preflight',
    ignored(
      'cors_preflight',
      'request.method',
      'request.headers.origin',
      'request.headers.access-control-request-method',
    ),
  ],
  ['source_ip', { call: 'source_ip', matcher: 'addresses', write: writeAddresses, reads: ['request.ip'] }],
  [
    'client_certificate',
    {
      call: 'client_certificate',
      matcher: 'certificate',
      write: writeCertificateMatcher,
      reads: ['request.client_certificate'],
    },
  ],
  ['invalid_client_certificate', ignored('invalid_client_certificate', 'request.client_certificate')],
  ['date', { call: 'date', matcher: 'date', write: writeDate, reads: ['time_ns'] }],
  ['day_of_week', { call: 'day_of_week', matcher: 'day_of_week', write: writeDayOfWeek, reads: ['time_ns'] }],
  ['time_of_day', { call: 'time_of_day', matcher: 'time_of_day', write: writeTimeOfDay, reads: ['time_ns'] }],
  ['original_user', ignored('original_user', 'original_user.id')],
  ['original_user/type', text('original_user_type', 'original_user.type', excludesFromType)],
  ['original_user/user', text('original_user_user', 'original_user.id')],
  ['original_user/email', text('original_user_email', 'original_user.email')],
  ['original_user/domain', text('original_user_domain', 'original_user.email', excludesFromDomain)],
  ['original_user/groups', list('original_user_groups', 'string_list', 'original_user.groups')],
  ['original_user/claim/NAME', list('original_user_claim', 'claim', 'original_user.claims.NAME')],
  ['original_user/issuer', text('original_user_issuer', 'original_user.issuer')],
]);
