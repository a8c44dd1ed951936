import { isDroppedName } from '../dropped-names.ts';
import { FIXED_NAMES } from '../fixed-names.ts';
import { HEADER_NAME } from '../header-syntax.ts';
import { canonicalName, isReservedName } from '../reserved-names.ts';
import type { HeaderPart } from './config.ts';
import type { Refuse } from './kinds.ts';
import { findLooseReference, parseTemplate } from './parse-template.ts';
import { quote } from './quote.ts';

/** Pomerium's references, but for those to headers of the request. */
const REFERENCES: ReadonlyMap<string, HeaderPart> = new Map([
  ['pomerium.jwt', { kind: 'jwt' }],
  ['pomerium.id_token', { kind: 'token', token: 'id_token' }],
  ['pomerium.access_token', { kind: 'token', token: 'access_token' }],
  ['pomerium.client_cert_fingerprint', { kind: 'client_certificate', fact: 'fingerprint' }],
  ['pomerium.client_cert_san_dns', { kind: 'client_certificate', fact: 'san_dns' }],
  ['pomerium.client_cert_san_email', { kind: 'client_certificate', fact: 'san_email' }],
]);

const DOLLAR = 'for a dollar sign write "$$"';
const UNKNOWN = `has a reference that Behalf does not know; ${DOLLAR}`;
const KNOWN = [...REFERENCES.keys(), 'pomerium.request.headers["NAME"]'].map((path) => `\${${path}}`).join(', ');

/**
 * Reads the value of a header for upstreams. What begins like a reference and is none is refused: to Pomerium it is literal
 * text, or nothing, which an upstream would get in place of a credential.
 */
export function parseHeaderParts(text: string, refuse: Refuse): readonly HeaderPart[] | undefined {
  const loose = findLooseReference(text);
  if (loose !== -1)
    return refuse(text.includes('}', loose) ? UNKNOWN : `has a reference without a closing brace; ${DOLLAR}`);
  const parts: HeaderPart[] = [];
  for (const part of parseTemplate(text)) {
    const found = part.kind === 'text' ? part : findReference(part.path, refuse);
    if (found === undefined) return undefined;
    parts.push(found);
  }
  return parts;
}

function findReference(path: readonly string[], refuse: Refuse): HeaderPart | undefined {
  const [root, request, headers, header, ...more] = path;
  // Nothing else is quoted: what looks like a reference may be part of a password.
  if (root !== 'pomerium') return refuse(UNKNOWN);
  if (request === 'request' && headers === 'headers' && header !== undefined && more.length === 0) {
    return findHeader(header, refuse);
  }
  const name = path.join('.');
  return REFERENCES.get(name) ?? refuse(`has the unknown reference ${quote(`\${${name}}`)}; it takes ${KNOWN}`);
}

/** Only of what a decision is told: never a credential, nor what is the proxy's own to say. */
function findHeader(written: string, refuse: Refuse): HeaderPart | undefined {
  const name = written.toLowerCase();
  if (!HEADER_NAME.test(name)) return refuse(`refers to a header by ${quote(written)}, which is no name of one`);
  if (name === 'authorization' || name === 'cookie') {
    return refuse(`must not refer to the header ${quote(written)}: it may hold a credential of the proxy's`);
  }
  return FIXED_NAMES.has(canonicalName(name)) || isReservedName(name) || isDroppedName(name)
    ? refuse(`must not refer to the header ${quote(written)}, which the proxy takes off every request`)
    : { kind: 'request_header', name };
}
