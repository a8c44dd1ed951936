import type { Refuse } from './kinds.ts';

/** Reads a host of Pomerium's `programmatic_redirect_domain_whitelist`, of which Behalf has one. */
export function parseProgramHost(text: string, refuse: Refuse): string | undefined {
  const why = 'a code that lets a program act as a person goes to the machine that asked for it and nowhere else';
  return text === 'localhost' ? text : refuse(`takes "localhost" alone: ${why}`);
}
