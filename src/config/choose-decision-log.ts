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
  const {
    decision_log: path,
    decision_log_max_size: maxSize,
    decision_log_keep: keep,
    decision_log_headers: headers,
    decision_log_claims: claims,
  } = fields;
  for (const { name, position } of headers?.value ?? []) {
    if (SECRET.has(name))
      problems.error(position, `"decision_log_headers" must not name "${name}": it is never recorded`);
  }
  if (path === undefined) {
    for (const field of [maxSize, keep, headers, claims]) {
      if (field !== undefined) problems.warning(field.keyPosition, 'this does nothing without "decision_log"');
    }
  }
  if (path?.value === undefined) return null;
  return {
    path: resolve(folder, path.value),
    maxBytes: maxSize?.value ?? DEFAULT_MAX_BYTES,
    keep: keep?.value ?? DEFAULT_KEEP,
    headers: headers?.value?.map(({ name }) => name) ?? [],
    claims: claims?.value ?? [],
  };
}
