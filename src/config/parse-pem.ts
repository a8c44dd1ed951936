export interface PemBlock {
  readonly label: string;
  /** From its first dash to its last. */
  readonly text: string;
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g;

/** The blocks of PEM, or of base64 of PEM; what stands between them does not count. */
export function parsePem(text: string): readonly PemBlock[] {
  const pem = text.includes('-----BEGIN ') ? text : Buffer.from(text, 'base64').toString();
  return Array.from(pem.matchAll(BLOCK), ([block, label = '']) => ({ label, text: block }));
}
