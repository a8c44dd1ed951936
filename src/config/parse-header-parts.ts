import type { HeaderPart } from './config.ts';
import type { Refuse } from './kinds.ts';
import { findLooseReference, parseTemplate } from './parse-template.ts';
import { quote } from './quote.ts';

/** Pomerium's references whose values Behalf cannot know before it has sign-in with a browser and client certificates. */
const LATER =
  /^pomerium\.(?:access_token|id_token|client_cert_(?:fingerprint|san_dns|san_email)|request\.headers(?:\..*)?)$/;

const DOLLAR = 'for a dollar sign write "$$"';
const UNKNOWN = `has a reference that Behalf does not know; ${DOLLAR}`;

/**
 * Reads the value of a header for upstreams. The only reference is `${pomerium.jwt}`, the route's assertion. What begins
 * like one and is none is refused: to Pomerium it is literal text, which an upstream would get in place of a credential.
 */
export function parseHeaderParts(text: string, refuse: Refuse): readonly HeaderPart[] | undefined {
  const loose = findLooseReference(text);
  if (loose !== -1)
    return refuse(text.includes('}', loose) ? UNKNOWN : `has a reference without a closing brace; ${DOLLAR}`);
  const parts: HeaderPart[] = [];
  for (const part of parseTemplate(text)) {
    if (part.kind === 'text') {
      parts.push(part);
    } else if (part.path.join('.') === 'pomerium.jwt') {
      parts.push({ kind: 'jwt' });
    } else {
      return refuse(describeReference(part.path));
    }
  }
  return parts;
}

function describeReference(path: readonly string[]): string {
  // Nothing else is quoted: what looks like a reference may be part of a password.
  if (path[0] !== 'pomerium') return UNKNOWN;
  const name = path.join('.');
  const written = quote(`\${${name}}`);
  const why = LATER.test(name) ? `does not take ${written} yet` : `has the unknown reference ${written}`;
  return `${why}; it takes "\${pomerium.jwt}"`;
}
