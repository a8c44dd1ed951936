import type { Decision } from '../engine/documents.ts';
import type { LogFields } from '../log.ts';

/** For the log: which headers leave values out, and how many. Nothing where none does. */
export function listOmitted({ request_headers }: Pick<Decision, 'request_headers'>): LogFields {
  const omitted = request_headers.flatMap((action) =>
    action.action === 'omit' ? `${action.name} ${action.count}` : [],
  );
  return omitted.length === 0 ? {} : { omitted };
}
