import type { Located, LocatedEntry } from '../config/config.ts';
import { nearest } from '../config/nearest.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';

/** Writes what an operator takes as a Rego term; undefined where it is wrong, which it has said then. */
export type WriteOperand = (operator: string, value: Located) => string | undefined;

/**
 * Writes a map, whose keys are some of `operators`, as a Rego object. Undefined where it is empty, or anything in it is
 * wrong; each fault goes to `problems`.
 */
export function writeOperators(
  name: string,
  data: Extract<Located, { kind: 'map' }>,
  operators: ReadonlyMap<string, WriteOperand>,
  problems: Problems,
): string | undefined {
  const known = [...operators.keys()];
  // DESIGN "On purpose not as Pomerium" 3: without a condition it would match everyone.
  if (data.entries.length === 0) {
    return problems.error(data.position, `empty matcher: give ${quote(name)} at least one of ${known.join(', ')}`);
  }
  const parts = data.entries.map(writeEntry);
  return parts.includes(undefined) ? undefined : `{${parts.join(', ')}}`;

  function writeEntry({ key, keyPosition, value }: LocatedEntry): string | undefined {
    const write = operators.get(key);
    if (write !== undefined) {
      const operand = write(key, value);
      return operand && `"${key}": ${operand}`;
    }
    const near = nearest(key, known);
    // `in` is an operator too, of string matchers: `is` would be a wrong guess.
    const hint = near === null || key === 'in' ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
    return problems.error(keyPosition, `unknown operator ${quote(key)} of ${quote(name)}: ${hint}`);
  }
}
