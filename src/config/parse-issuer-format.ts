import type { Route } from './config.ts';
import type { Refuse } from './kinds.ts';

/** Reads Pomerium's `hostOnly` (also as empty text) or `uri`, in any case. */
export function parseIssuerFormat(text: string, refuse: Refuse): Route['issuerFormat'] | undefined {
  switch (text.toLowerCase()) {
    case '':
    case 'hostonly':
      return 'host_only';
    case 'uri':
      return 'uri';
    default:
      return refuse();
  }
}
