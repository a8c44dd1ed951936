/**
 * Whether an Accept header asks for HTML by name, and not less than for JSON (RFC 9110 section 12.5.1): browsers do when
 * they navigate; programs that send `*\/*` or nothing get JSON.
 */
export function prefersHtml(accept: string | undefined): boolean {
  const html = weight(accept, 'text/html');
  return html > 0 && html >= weight(accept, 'application/json');
}

function weight(accept = '', type: string): number {
  for (const range of accept.toLowerCase().split(',')) {
    const [name, ...parameters] = range.split(';').map((part) => part.trim());
    if (name === type) {
      const q = parameters.find((parameter) => parameter.startsWith('q='));
      return q === undefined ? 1 : Number(q.slice(2)) || 0;
    }
  }
  return 0;
}
