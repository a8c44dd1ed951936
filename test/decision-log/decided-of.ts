import type { Decided } from '../../src/decision-log/write-line.ts';
import { type Facts, inputOf } from '../compile/input-of.ts';

/** An allowed request to the route "API" from the facts that matter. */
export function decidedOf(facts: Facts, decision: Partial<Decided['decision']> = {}): Decided {
  return {
    requestId: '00000000-0000-4000-8000-000000000000',
    input: { ...inputOf('r0', facts), route: { id: 'r0', name: 'API' }, time_ns: 1_700_000_000_123_000_000 },
    decision: {
      allow: true,
      status: 200,
      reasons: ['user-ok'],
      request_headers: [],
      response_headers: [],
      ...decision,
    },
  };
}
