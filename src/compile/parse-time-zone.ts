/// <reference lib="esnext.temporal" />
import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';

/**
 * The IANA name of a time zone as OPA takes it, which minds the case of letters. Undefined where there is none; each fault
 * goes to `problems`.
 */
export function parseTimeZone(data: Located, problems: Problems): string | undefined {
  const text = data.kind === 'scalar' && typeof data.value === 'string' ? data.value : '';
  // An offset is a zone to Temporal, but has no name.
  if (/^[a-z]/i.test(text)) {
    try {
      return Temporal.Now.zonedDateTimeISO(text).timeZoneId;
    } catch {}
  }
  return problems.error(
    data.position,
    `"timezone" must be the IANA name of a time zone, such as Europe/Berlin or UTC; found ${describe(data)}`,
  );
}
