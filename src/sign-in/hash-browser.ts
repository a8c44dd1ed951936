import { hash } from 'node:crypto';

/** What a sign-in knows of the browser that began it, of the secret in its cookie. */
export function hashBrowser(secret: string): string {
  return hash('sha256', secret, 'base64url');
}
