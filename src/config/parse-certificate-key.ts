import type { Refuse } from './kinds.ts';
import { parsePem } from './parse-pem.ts';
import { parsePrivateKey } from './parse-private-key.ts';

/** Reads PEM, or base64 of PEM, that holds one private key; it is returned as PEM of PKCS #8. */
export function parseCertificateKey(text: string, refuse: Refuse): string | undefined {
  const [block, second] = parsePem(text).filter(({ label }) => label !== 'EC PARAMETERS');
  if (block === undefined) return refuse();
  if (second !== undefined) return refuse('must hold one key and nothing else');
  return parsePrivateKey(block, refuse)?.export({ type: 'pkcs8', format: 'pem' }).toString();
}
