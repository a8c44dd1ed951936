import { LEVELS, type LevelOfKeys } from '../src/config/levels.ts';
import { writeTable } from './write-table.ts';

/** Writes the page of all keys, docs/reference/keys.md. */
export function writeKeys(): string {
  const sections = Object.values<LevelOfKeys>(LEVELS).map(
    ({ name, keys, descriptions, exclusive }) =>
      `## Keys of ${name}\n\n${writeTable(
        ['key', 'value', 'meaning'],
        Object.entries(keys).map(([key, { type }]) => [`\`${key}\``, type, descriptions[key] ?? '']),
      )}\n${exclusive.length === 0 ? '' : `\nOf these only one may be written: ${writeGroups(exclusive)}.\n`}`,
  );
  return `${['# Keys of the configuration', 'Examples, and what is refused, are in [Configuration](../configuration.md).', ...sections].join('\n\n')}`;
}

function writeGroups(groups: readonly (readonly string[])[]): string {
  return groups.map((group) => group.map((key) => `\`${key}\``).join(', ')).join('; ');
}
