import { resolve } from 'node:path';
import type { DecisionLogSettings } from './config.ts';
import type { Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

const DEFAULT_MAX_BYTES = 64 * 2 ** 20;
const DEFAULT_KEEP = 4;

/** What no log may hold, whoever asks for it (DESIGN "Input document": no policy sees it either). */
const SECRET = new Set(['authorization', 'cookie']);

/** Whether decisions are recorded, where, and how much; null where they are not. */
export function chooseDecisionLog(
  fields: Fields<'global'>,
  folder: string,
  problems: Problems,
): DecisionLogSettings | null {
  const { decision_log: path, ...others } = {
    decision_log: fields.decision_log,
    decision_log_max_size: fields.decision_log_max_size,
    decision_log_keep: fields.decision_log_keep,
    decision_log_headers: fields.decision_log_headers,
    decision_log_claims: fields.decision_log_claims,
  };
  for (const { name, position } of fields.decision_log_headers?.value ?? []) {
    if (SECRET.has(name))
      problems.error(position, `"decision_log_headers" must not name "${name}": it is never recorded`);
  }
  if (path === undefined) {
    for (const field of Object.values(others)) {
      if (field !== undefined) problems.warning(field.keyPosition, 'this does nothing without "decision_log"');
    }
  }
  if (path?.value === undefined) return null;
  return {
    path: resolve(folder, path.value),
    maxBytes: others.decision_log_max_size?.value ?? DEFAULT_MAX_BYTES,
    keep: others.decision_log_keep?.value ?? DEFAULT_KEEP,
    headers: others.decision_log_headers?.value?.map(({ name }) => name) ?? [],
    claims: others.decision_log_claims?.value ?? [],
  };
}
