import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Refuse } from './kinds.ts';
import type { PemBlock } from './parse-pem.ts';

/** Reads a private key. What OpenSSL says of a broken one is of no use to who wrote the file. */
export function parsePrivateKey({ label, text }: PemBlock, refuse: Refuse): KeyObject | undefined {
  if (label === 'ENCRYPTED PRIVATE KEY' || text.includes('Proc-Type: 4,ENCRYPTED')) {
    return refuse('must be a key that is not encrypted');
  }
  try {
    return createPrivateKey(text);
  } catch {
    return refuse();
  }
}
