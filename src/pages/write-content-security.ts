import { createHash } from 'node:crypto';

/**
 * The Content-Security-Policy of a page: nothing but its one style and images of its own bytes.
 *
 * @param reaches where its forms lead, null for no form
 */
export function writeContentSecurity(style: string, reaches: readonly string[] | null, isSandboxed: boolean): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return [
    "default-src 'none'",
    `style-src 'sha256-${hash}'`,
    "base-uri 'none'",
    'img-src data:',
    `form-action ${reaches === null ? "'none'" : [...new Set(["'self'", ...reaches.map(writeSource)])].join(' ')}`,
    "frame-ancestors 'none'",
    ...(isSandboxed ? ['sandbox'] : []),
  ].join('; ');
}

/** CSP3 section 2.3.1 has no way to write an IPv6 address: any host stands for it, with its scheme and port. */
function writeSource(url: string): string {
  const { origin, protocol, hostname, port } = new URL(url);
  if (!hostname.startsWith('[')) return origin;
  return `${protocol}//*${port === '' ? '' : `:${port}`}`;
}
