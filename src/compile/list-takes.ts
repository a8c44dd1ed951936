import { CRITERION_FORMS, type CriterionForm } from './criterion-forms.ts';
import { MATCHERS } from './write-matcher.ts';

const TIME_ZONE = '"timezone", such as "Europe/Berlin"';

/** What criteria take in Rego, where nothing has a shorthand. */
const TAKES: Readonly<Record<CriterionForm['matcher'], string>> = {
  string: `text, or an object with ${writeOperators(MATCHERS.string.operators)}, of text`,
  string_list: `text, or an object with ${writeOperators(MATCHERS.string_list.operators)}, of text`,
  claim: `a scalar, or an object with ${writeOperators(MATCHERS.claim.operators)}`,
  addresses: 'a range such as "10.0.0.0/8" or "192.0.2.1/32", or a list or set of them',
  certificate:
    'an object with lists of texts as "fingerprint" and "spki_hash", and string matchers as "san_dns", "san_email" and "san_uri"',
  date: 'an object with "after", "before" or both, in nanoseconds since 1970',
  day_of_week: `an object with "is", a list of days such as "Monday", and ${TIME_ZONE}`,
  time_of_day: `an object with "after", "before" or both, such as "09:00:00", and ${TIME_ZONE}`,
  ignored: 'nothing',
};

/** What the library's functions take, as messages say it, by names such as `criteria.email`. */
export function listTakes(): Readonly<Record<string, string>> {
  const criteria = [...CRITERION_FORMS].map(([key, { call, matcher }]): [string, string] => {
    const what = TAKES[matcher];
    return [`criteria.${call}`, key.endsWith('/NAME') ? `a name, and ${what}` : what];
  });
  const results = 'results of criteria and of logic, true or false, [bool] and [bool, reasons] in a collection';
  const logic = ['all_of', 'any_of', 'none_of', 'not_all_of'].map((name): [string, string] => [
    `logic.${name}`,
    results,
  ]);
  return Object.fromEntries([...criteria, ...logic]);
}

function writeOperators(operators: ReadonlyMap<string, unknown>): string {
  return [...operators.keys()].map((name) => `"${name}"`).join(', ');
}
