import type { Located } from '../config/config.ts';
import { describe } from '../config/describe.ts';
import type { Problems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { writeRegoScalar } from './write-rego-scalar.ts';

/**
 * Checks a text, or a list of at least one, and writes them as a Rego array. Undefined where one is wrong; each fault goes
 * to `problems`.
 *
 * @param type as messages say it, as in "must be a fingerprint"
 * @param normalize the one spelling of a text; null for what is none of the type
 */
export function writeTexts(
  name: string,
  type: string,
  data: Located,
  normalize: (text: string) => string | null,
  problems: Problems,
): string | undefined {
  const items = data.kind === 'list' ? data.items : [data];
  if (items.length === 0) return problems.error(data.position, `${quote(name)} must name at least one: it is empty`);
  const texts = items.map((item) => {
    const text = item.kind === 'scalar' && typeof item.value === 'string' ? normalize(item.value) : null;
    return text ?? problems.error(item.position, `${quote(name)} must be ${type}; found ${describe(item)}`);
  });
  return texts.every((text) => text !== undefined) ? `[${texts.map(writeRegoScalar).join(', ')}]` : undefined;
}
