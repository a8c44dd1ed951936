import { createHmac, type KeyObject, sign } from 'node:crypto';

export type Text = string | object;

/** Signs the two parts as they stand, well-formed or not. */
export type Signer = (input: string) => Buffer;

export function ecdsa(key: KeyObject): Signer {
  return (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
}

export function rsa(key: KeyObject): Signer {
  return (input) => sign('sha256', Buffer.from(input), key);
}

export function hmac(key: Uint8Array | string): Signer {
  return (input) => createHmac('sha256', key).update(input).digest();
}

/** A compact JWS of any header and payload; text is taken as it is, bytes and all. */
export function forge(header: Text, payload: Text | Buffer, signer: Signer): string {
  const input = `${encode(header)}.${encode(payload)}`;
  return `${input}.${signer(input).toString('base64url')}`;
}

function encode(part: Text | Buffer): string {
  const bytes = Buffer.isBuffer(part) ? part : Buffer.from(typeof part === 'string' ? part : JSON.stringify(part));
  return bytes.toString('base64url');
}
