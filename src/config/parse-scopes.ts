import { type Kind, someOf, text } from './kinds.ts';

/** A scope token (RFC 6749, section 3.3). */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

const some = someOf(text('a scope such as email', (scope, refuse) => (SCOPE.test(scope) ? scope : refuse())));

/** What a sign-in asks for: without `openid` a provider says nothing of who signed in (OpenID Connect Core 1.0, 3.1.2.1). */
export const scopes: Kind<readonly string[]> = {
  ...some,
  schema: { ...some.schema, contains: { const: 'openid' } },
  parse(value, context) {
    const written = some.parse(value, context);
    if (written === undefined || written.includes('openid')) return written;
    return context.problems.error(value.position, `${context.subject} must have openid, which asks who signs in`);
  },
};
