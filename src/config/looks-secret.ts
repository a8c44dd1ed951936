/**
 * Whether a text may hold what no message may show: a URL or another text with credentials, PEM, or a key or token in
 * base64 or hex. Wide rather than sharp, as it costs a message no more than the text that its position leads to.
 */
export function looksSecret(text: string): boolean {
  const colon = text.indexOf(':');
  return (
    (colon !== -1 && text.includes('@', colon)) ||
    text.includes('://') ||
    text.includes('-----BEGIN') ||
    /[A-Za-z0-9+/_-]{32}/.test(text)
  );
}
