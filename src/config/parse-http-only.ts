import { boolean, type Kind } from './kinds.ts';

/** Pomerium's `cookie_http_only`, whose other value no one may want. */
export const httpOnly: Kind<true> = {
  type: 'true',
  shape: 'boolean',
  schema: { const: true },
  parse(value, context) {
    const written = boolean.parse(value, context);
    if (written !== false) return written;
    const why = 'a script that can read a session cookie can send it away';
    return context.problems.error(value.position, `${context.subject} must be true: ${why}`);
  },
};
