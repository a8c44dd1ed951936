import type { Refuse } from './kinds.ts';

/** Reads standard base64 of exactly 32 bytes, padding included. */
export function parseSharedSecret(text: string, refuse: Refuse): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : refuse();
}
