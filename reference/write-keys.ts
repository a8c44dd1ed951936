import { VARIABLES } from '../src/config/apply-environment.ts';
import { LEVELS, type LevelOfKeys } from '../src/config/levels.ts';
import { writeTable } from './write-table.ts';

/** Writes the page of all keys, docs/reference/keys.md, on which `#address` and `#route-from` lead to one. */
export function writeKeys(): string {
  const sections = Object.entries<LevelOfKeys>(LEVELS).map(
    ([level, { name, keys, descriptions, exclusive }]) =>
      `## Keys of ${name}\n\n${writeTable(
        ['key', 'value', 'meaning'],
        Object.entries(keys).map(([key, { type }]) => [writeKey(level, key), type, descriptions[key] ?? '']),
      )}\n${exclusive.length === 0 ? '' : `\nOf these only one may be written: ${writeGroups(exclusive)}.\n`}`,
  );
  return `${[
    '# Keys of the configuration',
    'What is needed when, with examples, is in [Configuration](../configuration.md).',
    ...sections,
    `## Environment variables\n\nEach wins over the key of its name: ${writeNames([...VARIABLES.keys()])}.\n`,
  ].join('\n\n')}`;
}

function writeKey(level: string, key: string): string {
  return `<a id="${level === 'global' ? '' : `${level}-`}${key}"></a>\`${key}\``;
}

function writeGroups(groups: readonly (readonly string[])[]): string {
  return groups.map(writeNames).join('; ');
}

function writeNames(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
