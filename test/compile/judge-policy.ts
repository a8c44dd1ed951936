import type { Criterion, Located, Policy, PolicyBlock, PolicyRule } from '../../src/config/config.ts';
import type { InputDocument } from '../../src/engine/documents.ts';
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
      return outcome(
        'claim',
        list(Object.hasOwn(caller.claims, subpath ?? '') ? (caller.claims[subpath ?? ''] ?? []) : []),
      );
  }
  const user = input.original_user;
  if (user === null || caller.type !== 'service_account' || input.original_user_error !== null) {
    return { value: false, reasons: ['original-user-missing'] };
  }
  const facts: Record<string, string | null> = {
    user: user.id || null,
    email: user.email,
    domain: domainOf(user.email),
  };
  return outcome('original-user', user.type === 'user' && text(facts[subpath ?? ''] ?? null));
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
