import { dirname, resolve } from 'node:path';
import { parsePeople } from '../cases/parse-people.ts';
import { readMap } from '../cases/read-map.ts';
import type { Located } from '../config/config.ts';
import type { Context } from '../config/kinds.ts';
import { parseYaml } from '../config/parse-yaml.ts';
import { collectProblems } from '../config/problems.ts';
import { quote } from '../config/quote.ts';
import { readText } from '../config/read-text.ts';
import { BehalfError } from '../errors.ts';
import { describePerson } from '../openid/describe-person.ts';
import type { Person } from '../session/session.ts';

/**
 * Reads a file of people to choose from: `people`, as a file of policy cases has them, by names of their own. `file` is
 * what positions name.
 *
 * @throws BehalfError ERR_CONFIG_INVALID with every problem
 */
export function parseUsers(written: string, file: string): readonly Person[] {
  const problems = collectProblems();
  const tree = parseYaml(written, file, problems);
  const context = { subject: 'a file of people', problems, folder: dirname(resolve(file)), read: readText };
  const top = tree && readMap(tree, { people: (value: Located) => value }, context, ['people']);
  return problems.finish(top?.people && readUsers(top.people.value, context)).result;
}

function readUsers(map: Located, context: Context): readonly Person[] {
  const { problems } = context;
  const users = new Map<string, Person>();
  for (const [name, { person }] of parsePeople(map, undefined, context)) {
    const position = positionOf(map, name);
    if (person.type === 'service_account' || person.issuer !== undefined) {
      problems.error(position, `${quote(name)} must be a person of no issuer: nobody else can be chosen`);
      continue;
    }
    const { email = '', id = email, name: called = '', groups = [], claims = {} } = person;
    if (users.has(id)) problems.error(position, `${quote(name)} has the id of somebody above`);
    try {
      const said = { ...(email && { email }), ...(called && { name: called }), groups, ...claims, sub: id };
      users.set(id, describePerson(said, {}, 'groups'));
    } catch (error) {
      if (!(error instanceof BehalfError)) throw error;
      problems.error(
        position,
        `${quote(name)} has claims that no token can have: too many, too deep or twice the same`,
      );
    }
  }
  if (map.kind === 'map' && map.entries.length === 0) problems.error(map.position, '"people" must not be empty');
  return [...users.values()];
}

function positionOf(map: Located, name: string) {
  const entry = map.kind === 'map' ? map.entries.find(({ key }) => key === name) : undefined;
  return entry?.keyPosition ?? map.position;
}
