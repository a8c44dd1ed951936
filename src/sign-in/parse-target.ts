/** In bytes: a sealed one must still fit into a cookie (4,096 bytes with its name, RFC 6265bis section 5.6). */
const MAX_LENGTH = 2048;

/**
 * Where a browser goes in the end: path, query and fragment on one host. "/" for what is too long, and for all that could
 * lead elsewhere (`//host`, `/\host`, `https:`).
 */
export function parseTarget(text: string): string {
  const url = isPath(text) ? URL.parse(`http://localhost${text}`) : null;
  if (url === null) return '/';
  const target = `${url.pathname}${url.search}${url.hash}`.replaceAll('\\', '%5C');
  // What is resolved can become one of a host: `/..//host`.
  return target.length > MAX_LENGTH || !isPath(target) ? '/' : target;
}

function isPath(text: string): boolean {
  return /^\/(?![/\\])/.test(text);
}
