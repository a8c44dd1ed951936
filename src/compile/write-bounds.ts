import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { parseTimeZone } from './parse-time-zone.ts';
import { type WriteOperand, writeOperators } from './write-operators.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

/** What `after` and `before` are: how they are written, and how the library compares them. */
export interface BoundForm<Bound extends bigint | string> {
  /** As messages say it, as in "must be a time of day". */
  readonly type: string;
  /** Of the bounds, where the data names no time zone; null where it must. */
  readonly timeZone: string | null;
  /** Whether an end may come before its start: around midnight. */
  readonly wraps: boolean;
  /** Null for what is none of the type. An error's `message` says what else is wrong, in words that follow the operator. */
  readonly parse: (text: string, timeZone: string) => Bound | Error | null;
}

/**
 * Checks a map of `after`, `before` and `timezone` and writes it as a Rego object. Undefined where it is wrong, or would
 * never hold; each fault goes to `problems`.
 */
export function writeBounds<Bound extends bigint | string>(
  name: string,
  data: Located,
  form: BoundForm<Bound>,
  problems: Problems,
): string | undefined {
  const quoted = quote(name);
  if (data.kind !== 'map') {
    return problems.error(
      data.position,
      `${quoted} must be a map with "after", "before" or both; found ${describe(data)}`,
    );
  }
  const zone = data.entries.find(({ key }) => key === 'timezone');
  if (zone === undefined && form.timeZone === null) {
    return problems.error(data.position, `${quoted} must have a "timezone", such as Europe/Berlin or UTC`);
  }
  const timeZone = zone === undefined ? form.timeZone : parseTimeZone(zone.value, problems);
  const bounds = new Map<string, Bound>();

  const writeBound: WriteOperand = (operator, value) => {
    const text = value.kind === 'scalar' && typeof value.value === 'string' ? value.value : '';
    const bound = form.parse(text, timeZone ?? 'UTC');
    if (bound === null) {
      return problems.error(value.position, `"${operator}" must be ${form.type}; found ${describe(value)}`);
    }
    if (bound instanceof Error) return problems.error(value.position, `"${operator}" ${bound.message}`);
    bounds.set(operator, bound);
    return typeof bound === 'string' ? writeRegoScalar(bound) : String(bound);
  };
  const operators = new Map<string, WriteOperand>([
    ['after', writeBound],
    ['before', writeBound],
    ['timezone', () => (timeZone == null ? undefined : writeRegoScalar(timeZone))],
  ]);
  const written = writeOperators(name, data, operators, problems);
  if (written === undefined) return undefined;

  const after = bounds.get('after');
  const before = bounds.get('before');
  if (after === undefined && before === undefined) {
    return problems.error(data.position, `${quoted} must have "after", "before" or both`);
  }
  if (after !== undefined && before !== undefined && (form.wraps ? after === before : after >= before)) {
    return problems.error(data.position, `${quoted} never holds: no time is after its "after" and before its "before"`);
  }
  return written;
}
