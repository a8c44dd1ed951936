/**
 * The kinds of token that Behalf signs. Each has a key of its own and a `typ` of its own (RFC 8725, section 3.11), and a
 * header of exactly these members: whatever else a header says, we did not write it.
 *
 * Assertions keep Pomerium's `typ`, "JWT": upstreams verify them with stock libraries, some of which (Nimbus, and with it
 * Spring) take no other by default. No other kind has it.
 */
export const ASSERTION = { typ: 'JWT', maxLength: 8192 } as const;
export const SERVICE_ACCOUNT = { typ: 'behalf-service-account+jwt', alg: 'HS256', maxLength: 2048 } as const;
export const PROGRAM = { typ: 'behalf-program+jwt', alg: 'HS256', maxLength: 2048 } as const;

/** Whether a header has exactly these members with these values. */
export function hasExactly(
  header: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, string>>,
): boolean {
  const names = Object.keys(expected);
  return Object.keys(header).length === names.length && names.every((name) => header[name] === expected[name]);
}
