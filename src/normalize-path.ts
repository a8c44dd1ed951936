import { BehalfError } from './errors.ts';

export interface NormalPath {
  /** What routes and policies judge: percent-decoded. */
  readonly decoded: string;
  /** What the upstream gets: the same path, encoded as RFC 3986 section 6.2.2 says. */
  readonly encoded: string;
}

/**
 * What two servers may read in two ways: anything outside printable ASCII, a fragment, a backslash, a bad escape, and the
 * escapes of slash, backslash and control characters (a line break ends what `.` of a regular expression matches).
 */
const AMBIGUOUS = /[^\x21-\x7e]|[\\#?]|%(?![0-9a-f]{2})|%(?:2f|5c|[01][0-9a-f]|7f)/i;

/** What most paths are: normal already, and read in one way. */
const PLAIN = /^(?:\/|(?:\/[\w~-][\w.~-]*)+\/?)$/;

/** Every escape, and every character that RFC 3986 has no place for in a path. */
const TO_ENCODE = /%[0-9a-f]{2}|["<>[\]^`{|}]/gi;

/**
 * The one reading of a request's path: dot segments resolved, slashes merged, escapes canonical. Reserved characters keep
 * the form they came in (`;` and `%3B` differ to an upstream). Normalising `encoded` again changes nothing.
 *
 * @throws BehalfError ERR_REQUEST_MALFORMED (`path`)
 */
export function normalizePath(raw: string): NormalPath {
  if (PLAIN.test(raw)) {
    return { encoded: raw, decoded: raw };
  }
  if (!raw.startsWith('/') || AMBIGUOUS.test(raw)) {
    throw malformed();
  }
  const kept: string[] = [];
  let isDirectory = false;
  for (const segment of raw.replace(TO_ENCODE, encode).split('/').slice(1)) {
    const [name] = segment.split(/;|%3B/, 1);
    const isDots = name === '.' || name === '..';
    if ((isDots || name === '') && name !== segment) {
      // To servers that cut parameters off first, `..;` is a dot segment, and `/;a/` two slashes.
      throw malformed();
    }
    isDirectory = isDots || segment === '';
    if (segment === '..') {
      kept.pop();
    } else if (!isDirectory) {
      kept.push(segment);
    }
  }
  const encoded = `/${kept.join('/')}${isDirectory && kept.length > 0 ? '/' : ''}`;
  return { encoded, decoded: encoded.includes('%') ? decode(encoded) : encoded };
}

function encode(match: string): string {
  const char = match.length === 1 ? match : String.fromCharCode(Number.parseInt(match.slice(1), 16));
  return /[A-Za-z0-9._~-]/.test(char) ? char : `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch (cause) {
    throw malformed(cause);
  }
}

function malformed(cause?: unknown): BehalfError {
  return new BehalfError('ERR_REQUEST_MALFORMED', 'the path can be read in more than one way', {
    reason: 'path',
    cause,
  });
}
