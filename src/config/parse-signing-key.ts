import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { Refuse } from './kinds.ts';

/**
 * Reads PEM, or base64 of PEM, that holds one P-256 private key and no other (`EC PARAMETERS`, as openssl writes them
 * before a key, may stand there too). The key is returned as PEM of PKCS #8 whatever it was.
 */
export function parseSigningKey(text: string, refuse: Refuse): string | undefined {
  const pem = text.includes('-----BEGIN ') ? text : Buffer.from(text, 'base64').toString();
  const labels = [...pem.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g)].map(([, label]) => label);
  const [label, second] = labels.filter((found) => found !== 'EC PARAMETERS');
  if (second !== undefined) return refuse('must hold one key and nothing else');
  if (label === 'ENCRYPTED PRIVATE KEY' || pem.includes('Proc-Type: 4,ENCRYPTED')) {
    return refuse('must be a key that is not encrypted');
  }
  const key = readKey(pem);
  if (key === undefined) return refuse();
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    return refuse('must be a key for the curve P-256 (prime256v1)');
  }
  return key.export({ type: 'pkcs8', format: 'pem' });
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says of a key is of no use to who wrote the file.
    return undefined;
  }
}
