import { resolve } from 'node:path';
import { type Kind, privateText } from './kinds.ts';

/** It goes with every page. */
const MAX_BYTES = 64 * 1024;

/** What an image begins with; by this and not by its name browsers know it too (MIME Sniffing, section 6.1). */
const TYPES: readonly (readonly [type: string, beginning: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/webp', /^RIFF.{4}WEBP/s],
  ['image/svg+xml', /^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!--|!DOCTYPE svg).*<\/svg>\s*$/s],
];

const path: Kind<string> = privateText('the path of an image', (text, refuse) => text || refuse(), { minLength: 1 });

/** An image in a file, as a `data:` URL. */
export const image: Kind<string> = {
  ...path,
  type: 'the path of an image: PNG, JPEG, WebP or SVG, of at most 64 KiB',
  parse(value, context) {
    const { subject, problems, folder, read } = context;
    const written = path.parse(value, context);
    if (written === undefined) return undefined;
    const reading = read(resolve(folder, written), MAX_BYTES, 'latin1');
    if ('failure' in reading) return problems.error(value.position, `${subject} cannot be read: ${reading.failure}`);
    const [type] = TYPES.find(([, beginning]) => beginning.test(reading.text)) ?? [];
    if (type === undefined)
      return problems.error(value.position, `the file of ${subject} is no PNG, JPEG, WebP or SVG`);
    return `data:${type};base64,${Buffer.from(reading.text, 'latin1').toString('base64')}`;
  },
};
