import { BlockList, isIPv6 } from 'node:net';
import type { Criterion, Located, Policy, PolicyBlock, PolicyRule } from '../../src/config/config.ts';
import type { Claims, ClientCertificate, InputDocument } from '../../src/engine/documents.ts';
import type { Side, Verdict } from './compile-verdicts.ts';

type Scalar = string | number | boolean | null;

/**
 * What a policy says of an input document, straight from DESIGN and pomerium-semantics.md 2: a second, independent
 * meaning to hold the compiled one against. Takes policies that the compiler takes.
 */
export function judgePolicy(policy: Policy, input: InputDocument): Verdict {
  return { allow: judgeSide(policy, 'allow', input), deny: judgeSide(policy, 'deny', input) };
}

function judgeSide(policy: Policy, action: PolicyRule['action'], input: InputDocument): Side {
  const blocks = policy.rules
    .filter((rule) => rule.action === action)
    .flatMap((rule) => rule.blocks)
    .filter((block) => block.criteria.length > 0);
  return or(blocks.map((block) => judgeBlock(block, input)));
}

function judgeBlock({ operator, criteria }: PolicyBlock, input: InputDocument): Side {
  const sides = criteria.map((criterion) => judgeCriterion(criterion, input));
  const inverted = sides.map(({ value, reasons }) => ({ value: !value, reasons }));
  return { and: () => and(sides), or: () => or(sides), not: () => and(inverted), nor: () => or(inverted) }[operator]();
}

function and(sides: readonly Side[]): Side {
  const failed = sides.filter(({ value }) => !value);
  return { value: failed.length === 0, reasons: union(failed.length === 0 ? sides : failed) };
}

function or(sides: readonly Side[]): Side {
  const passed = sides.filter(({ value }) => value);
  return { value: passed.length > 0, reasons: union(passed.length > 0 ? passed : sides) };
}

function union(sides: readonly Side[]): string[] {
  return [...new Set(sides.flatMap(({ reasons }) => reasons))].sort();
}

function judgeCriterion({ name, subpath, data }: Criterion, input: InputDocument): Side {
  const { request, caller } = input;
  const text = (value: string | null) => value !== null && matchesText(value, data);
  const list = (values: readonly Scalar[]) => matchesList(values, data);
  const header = (header: string) => (request.headers[header] ?? []).some((value) => value !== '');

  switch (name) {
    case 'accept':
      return { value: true, reasons: ['accept'] };
    case 'reject':
      return { value: false, reasons: ['reject'] };
    case 'http_method':
      return outcome('http-method', text(request.method));
    case 'http_path':
      return outcome('http-path', text(request.path));
    case 'cors_preflight': {
      const isPreflight = request.method === 'OPTIONS' && header('origin') && header('access-control-request-method');
      return { value: isPreflight, reasons: [isPreflight ? 'cors-request' : 'non-cors-request'] };
    }
    case 'source_ip':
      return outcome('source-ip', isListed(request.ip, [plain(data)].flat()));
    case 'client_certificate':
      return outcome('client-certificate', isCertificate(request.client_certificate, data));
    case 'date':
    case 'day_of_week':
    case 'time_of_day':
      return outcome(name.replaceAll('_', '-'), isTime[name](new Date(input.time_ns / 1e6), data));
    case 'invalid_client_certificate': {
      const { client_certificate: certificate } = request;
      if (certificate === null) return { value: true, reasons: ['client-certificate-required'] };
      return certificate.valid
        ? { value: false, reasons: ['valid-client-certificate'] }
        : { value: true, reasons: ['invalid-client-certificate'] };
    }
  }
  if (caller === null) return { value: false, reasons: ['user-unauthenticated'] };
  switch (name) {
    case 'authenticated_user':
      return outcome('user', caller.id !== '');
    case 'user':
      return outcome('user', text(caller.id || null));
    case 'email':
      return outcome('email', text(caller.email));
    case 'domain':
      return outcome('domain', text(domainOf(caller.email)));
    case 'groups':
      return outcome('groups', list(caller.groups));
    case 'claim':
      return outcome('claim', list(claimOf(caller.claims, subpath ?? '')));
    case 'caller_type':
      return outcome('caller-type', text(caller.type));
  }
  const user = input.original_user;
  if (user === null || caller.type !== 'service_account' || input.original_user_error !== null) {
    return { value: false, reasons: ['original-user-missing'] };
  }
  const ofOriginalUser = (value: boolean) => outcome('original-user', value);
  if (subpath === 'type') return ofOriginalUser(text(user.type));
  if (user.type !== 'user') return ofOriginalUser(false);
  if (subpath === null) return ofOriginalUser(true);
  if (subpath === 'groups') return ofOriginalUser(list(user.groups));
  if (subpath.startsWith('claim/')) return ofOriginalUser(list(claimOf(user.claims, subpath.slice('claim/'.length))));
  const facts: Record<string, string | null> = {
    user: user.id || null,
    email: user.email,
    domain: domainOf(user.email),
    issuer: user.issuer,
  };
  return ofOriginalUser(text(facts[subpath] ?? null));
}

function claimOf(claims: Claims, name: string): readonly Scalar[] {
  return Object.hasOwn(claims, name) ? (claims[name] ?? []) : [];
}

/** By Node's own notion of addresses and ranges. */
function isListed(ip: string, ranges: readonly Scalar[]): boolean {
  const listed = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = String(range).split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    listed.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family);
  }
  return ip !== '' && listed.check(ip, isIPv6(ip) ? 'ipv6' : 'ipv4');
}

function isCertificate(certificate: ClientCertificate | null, data: Located): boolean {
  if (certificate === null || data.kind !== 'map') return false;
  return data.entries.every(({ key, value }) => {
    const fact = certificate[key as keyof ClientCertificate];
    return typeof fact === 'string'
      ? [plain(value)].flat().includes(fact)
      : Array.isArray(fact) && fact.some((name) => matchesText(name, value));
  });
}

/** By JavaScript's own calendar; dates without an offset are ones of the time zone. */
const isTime = {
  date(time: Date, data: Located): boolean {
    const { timezone = 'UTC', after, before } = bounds(data);
    const local = partsOf(time, timezone).stamp;
    const full = (date: string) => (date.includes('T') ? date : `${date}T00:00:00`);
    return (after === undefined || local > full(after)) && (before === undefined || local < full(before));
  },
  day_of_week(time: Date, data: Located): boolean {
    const { is = String(plain(data)), timezone = 'UTC' } = bounds(data);
    const names = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
    const today = names.indexOf(partsOf(time, timezone).day);
    return is.split(',').some((part) => {
      const [first = '', last = first] = part.split('-').map((name) => name.slice(0, 3).toLowerCase());
      const [from, to] = [names.indexOf(first), names.indexOf(last)];
      return part === '*' || (today - from + 7) % 7 <= (to - from + 7) % 7;
    });
  },
  time_of_day(time: Date, data: Located): boolean {
    const { timezone = 'UTC', after, before } = bounds(data);
    const clock = partsOf(time, timezone).stamp.slice('2023-11-14T'.length);
    const isAfter = after !== undefined && clock > (CLOCK[after] ?? '');
    const isBefore = before !== undefined && clock < (CLOCK[before] ?? '');
    if (after === undefined || before === undefined) return isAfter || isBefore;
    return (CLOCK[after] ?? '') < (CLOCK[before] ?? '') ? isAfter && isBefore : isAfter || isBefore;
  },
};

/** The times that `arbitraries.ts` writes. */
const CLOCK: Readonly<Record<string, string>> = {
  '9:00': '09:00:00',
  '5:30 PM': '17:30:00',
  '22:00': '22:00:00',
  '6AM': '06:00:00',
};

function bounds(data: Located): Readonly<Record<string, string>> {
  return data.kind === 'map'
    ? Object.fromEntries(data.entries.map(({ key, value }) => [key, String(plain(value))]))
    : {};
}

/** What calendar and clock show; a stamp such as `2023-11-14T10:00:00`, and `.001` behind it where it is later than that. */
function partsOf(time: Date, timeZone: string): { stamp: string; day: string } {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  const milliseconds = time.getUTCMilliseconds();
  const fraction = milliseconds === 0 ? '' : `.${String(milliseconds).padStart(3, '0')}`;
  const day = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' }).format(time).toLowerCase();
  return { stamp: format.format(time).replace(' ', 'T') + fraction, day };
}

function outcome(name: string, value: boolean): Side {
  return { value, reasons: [`${name}-${value ? 'ok' : 'unauthorized'}`] };
}

function domainOf(email: string): string | null {
  const [, domain, ...more] = email.split('@');
  return domain === undefined || more.length > 0 ? null : domain;
}

function matchesText(value: string, matcher: Located): boolean {
  return operatorsOf(matcher, 'is').every(([operator, operand]) => {
    const text = String(operand);
    switch (operator) {
      case 'is':
        return value === operand;
      case 'not':
        return value !== operand;
      case 'contains':
        return value.includes(text);
      case 'starts_with':
        return value.startsWith(text);
      case 'ends_with':
        return value.endsWith(text);
      case 'in':
        return Array.isArray(operand) && operand.includes(value);
      default:
        return Array.isArray(operand) && !operand.includes(value);
    }
  });
}

function matchesList(values: readonly Scalar[], matcher: Located): boolean {
  return operatorsOf(matcher, 'has').every(([operator, operand]) => {
    const has = values.some((value) => value === operand);
    if (operator === 'exclude') return !has;
    return operator === 'is' ? has && values.length === 1 : has;
  });
}

function operatorsOf(matcher: Located, shorthand: string): [string, Scalar | Scalar[]][] {
  if (matcher.kind !== 'map') return [[shorthand, plain(matcher)]];
  return matcher.entries.map(({ key, value }) => [key, plain(value)]);
}

function plain(located: Located): Scalar | Scalar[] {
  if (located.kind === 'scalar') return located.value;
  return located.kind === 'list' ? located.items.flatMap(plain) : [];
}
