import type { Answer } from './answer.ts';

const CONTENT_SECURITY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** For programs; a browser shows it alone, and as what it is. */
export function writeJson(status: number, value: object, headers: Answer['headers'] = [], isSandboxed = false): Answer {
  return {
    status,
    headers: [
      ['content-type', 'application/json'],
      ['content-security-policy', isSandboxed ? `${CONTENT_SECURITY}; sandbox` : CONTENT_SECURITY],
      ['referrer-policy', 'no-referrer'],
      ['x-content-type-options', 'nosniff'],
      ['x-frame-options', 'DENY'],
      ['vary', 'accept'],
      ...headers,
    ],
    body: `${JSON.stringify(value)}\n`,
  };
}
