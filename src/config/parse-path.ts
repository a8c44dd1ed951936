import { normalizePath } from '../normalize-path.ts';
import type { ParseText, Refuse } from './kinds.ts';
import { looksSecret } from './looks-secret.ts';
import { quote } from './quote.ts';

/** Reads a whole path as requests have it once they are normalised and decoded; another one would never match. */
export const parsePath: ParseText<string> = (text, refuse) => parseMatched(text, '', refuse);

/** Reads the beginning of such a path. What may follow is stood for by a letter: `/.` begins a name, and is no dot segment. */
export const parsePrefix: ParseText<string> = (text, refuse) => parseMatched(text, 'x', refuse);

/** Reads what is sent in place of a prefix: a path in canonical encoding. */
export const parseRewrite: ParseText<string> = (text, refuse) => {
  if (!text.startsWith('/')) return refuse();
  const normal = normalize(text)?.encoded;
  if (normal === text) return text;
  const hint = normal === undefined || looksSecret(normal) ? '' : `: write ${quote(normal)}`;
  return refuse(`must be a path in canonical encoding, without a query${hint}`);
};

function parseMatched(text: string, rest: string, refuse: Refuse): string | undefined {
  if (!text.startsWith('/')) return refuse();
  if (/%[0-9a-f]{2}/i.test(text))
    return refuse('never matches: paths are compared decoded, so write what it stands for');
  const normal = normalize(text.toWellFormed().split('/').map(encodeURIComponent).join('/') + rest)?.decoded;
  if (normal === text + rest) return text;
  if (normal === undefined) return refuse('never matches: no request has such a path');
  const written = normal.slice(0, normal.length - rest.length);
  const hint = looksSecret(written) ? '' : `, so write ${quote(written)}`;
  return refuse(`never matches: paths are compared normalised${hint}`);
}

function normalize(path: string) {
  try {
    return normalizePath(path);
  } catch {
    return undefined;
  }
}
