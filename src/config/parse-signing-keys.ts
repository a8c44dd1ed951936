import { findAlgorithm } from '../signing-algorithms.ts';
import type { Refuse } from './kinds.ts';
import { parsePem } from './parse-pem.ts';
import { parsePrivateKey } from './parse-private-key.ts';

/**
 * Reads PEM, or base64 of PEM, that holds private keys and nothing else (but `EC PARAMETERS`, as openssl writes them
 * before a key): P-256, RSA or Ed25519. They are returned as PEM of PKCS #8 whatever they were.
 */
export function parseSigningKeys(text: string, refuse: Refuse): readonly string[] | undefined {
  const blocks = parsePem(text).filter(({ label }) => label !== 'EC PARAMETERS');
  if (blocks.length === 0) return refuse();
  const keys: string[] = [];
  for (const block of blocks) {
    const key = parsePrivateKey(block, refuse);
    if (key === undefined) return undefined;
    if (findAlgorithm(key) === null)
      return refuse('must hold keys for P-256 (prime256v1), RSA of 2048 bits or more, or Ed25519');
    const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
    if (keys.includes(pem)) return refuse('must not hold a key twice');
    keys.push(pem);
  }
  return keys;
}
