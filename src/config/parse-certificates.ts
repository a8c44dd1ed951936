import { X509Certificate } from 'node:crypto';
import type { Refuse } from './kinds.ts';
import { parsePem } from './parse-pem.ts';

/** Reads PEM, or base64 of PEM, that holds certificates and nothing else; they are returned as PEM. */
export function parseCertificates(text: string, refuse: Refuse): string | undefined {
  const blocks = parsePem(text);
  if (blocks.length === 0) return refuse();
  try {
    for (const { label, text: block } of blocks) {
      if (label !== 'CERTIFICATE') return refuse('must hold certificates and nothing else');
      new X509Certificate(block);
    }
  } catch {
    return refuse();
  }
  return blocks.map(({ text: block }) => `${block}\n`).join('');
}
