import { createPublicKey } from 'node:crypto';
import { isRecord } from '../is-record.ts';
import type { Refuse } from './kinds.ts';

/** Reads a JWK Set (RFC 7517) that has a public key of a kind that is known, and nothing private. */
export function parseJwks(text: string, refuse: Refuse): object | undefined {
  const set = parseJson(text);
  if (!isRecord(set) || !Array.isArray(set['keys']) || !set['keys'].every(isRecord)) return refuse();
  const { keys } = set;
  // `k` is a shared secret, and `d` is in every other private key (RFC 7518 section 6).
  if (keys.some((key) => 'd' in key || 'k' in key)) return refuse('must not hold a private key');
  return keys.some(isPublicKey) ? set : refuse();
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isPublicKey(key: Record<string, unknown>): boolean {
  try {
    createPublicKey({ key, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}
