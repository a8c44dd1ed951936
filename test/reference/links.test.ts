import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { LEVELS, type LevelOfKeys } from '../../src/config/levels.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => `docs/${path}`),
];

function read(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8');
}

/** What is no code: a `](` there is no link, and a `#` no heading. */
function proseOf(page: string): string {
  return read(page).replaceAll(/^(```+).*?^\1$/gms, '');
}

/** Where a link can lead on a page: headings as GitHub names them, and anchors. */
function anchorsOf(page: string): ReadonlySet<string> {
  const text = proseOf(page);
  const headings = Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
      .replaceAll(' ', '-'),
  );
  const ids = Array.from(text.matchAll(/<a id="([^"]+)">/g), ([, id = '']) => id);
  // Of two with one name a link to the second leads to the first.
  expect(new Set([...headings, ...ids]).size, page).toBe(headings.length + ids.length);
  return new Set([...headings, ...ids]);
}

function linksOf(page: string): readonly string[] {
  return Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link);
}

test.each(PAGES)('every link of %s leads somewhere', (page) => {
  const broken = linksOf(page).filter((link) => {
    if (/^https?:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? page : relative(ROOT, join(ROOT, dirname(page), path));
    if (!existsSync(join(ROOT, file))) return true;
    return anchor !== undefined && !(file.endsWith('.md') && anchorsOf(file).has(anchor));
  });
  expect(broken).toEqual([]);
});

test('the guide leads to every key of the configuration and of routes', () => {
  const links = new Set(linksOf('docs/configuration.md'));
  const missing = (['global', 'route'] as const).flatMap((name) => {
    const { keys }: LevelOfKeys = LEVELS[name];
    const leadsTo = (key: string) => links.has(`reference/keys.md#${name === 'global' ? '' : 'route-'}${key}`);
    // Of a key and its twin one is enough.
    return Object.keys(keys).filter((key) => ![key, `${key}_file`, key.replace(/_file$/, '')].some(leadsTo));
  });
  expect(missing).toEqual([]);
});

test('the guide leads to the keys of every map', () => {
  const links = new Set(linksOf('docs/configuration.md'));
  const maps = Object.entries<LevelOfKeys>(LEVELS).filter(
    ([level]) => !['global', 'route', 'sub_policy'].includes(level),
  );
  const anchors = maps.map(([, { name }]) => `reference/keys.md#keys-of-${name.replaceAll(' ', '-')}`);
  expect(anchors.filter((anchor) => !links.has(anchor))).toEqual([]);
});
