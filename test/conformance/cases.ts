import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientCertificate } from '../../src/engine/documents.ts';

/** As much of a case of ../shared/conformance as all have; its README has the format. */
export interface Case {
  readonly id: string;
}

/** What Pomerium's own tests say of who sends a request, and how. */
export interface Identity {
  readonly kind: 'none' | 'session' | 'service_account';
  readonly session_id?: string;
  readonly user_id?: string | null;
  readonly email?: string;
  readonly effective_email?: string;
  readonly groups?: readonly string[];
  readonly session_claims?: Readonly<Record<string, unknown>>;
  readonly user_claims?: Readonly<Record<string, unknown>>;
}

export interface Http {
  readonly method?: string;
  readonly path?: string;
  readonly hostname?: string;
  readonly ip?: string;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly client_certificate?: { readonly presented: boolean; readonly leaf: string };
}

const FOLDER = join(import.meta.dirname, '../../../shared/conformance');

/** All cases of these files; null where the folder is not there, which is an error in CI. */
export function readCases<Read extends Case>(...files: readonly string[]): readonly Read[] | null {
  if (!existsSync(FOLDER)) {
    const message = `${FOLDER} is missing, so nothing is known of conformance`;
    const { CI } = process.env;
    if (CI !== undefined) throw new Error(message);
    console.warn(`\n*** SKIPPED: ${message} ***\n`);
    return null;
  }
  return files.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Read[]);
}

/** What a policy learns of the client's certificate; null where there is none. */
export function writeCertificate(http: Http | undefined, valid: boolean): ClientCertificate | null {
  const { presented = false, leaf = '' } = http?.client_certificate ?? {};
  if (leaf.startsWith('-----BEGIN CERTIFICATE-----')) return readCertificate(new X509Certificate(leaf), valid);
  // Some cases leave the certificate out and say that it is valid.
  if (!valid && !presented) return null;
  return { valid, fingerprint: '', spki_hash: '', san_dns: [], san_email: [], san_uri: [] };
}

function readCertificate(certificate: X509Certificate, valid: boolean): ClientCertificate {
  const { fingerprint256, publicKey, subjectAltName = '' } = certificate;
  const names = (kind: string) =>
    subjectAltName.split(', ').flatMap((name) => (name.startsWith(kind) ? name.slice(kind.length) : []));
  return {
    valid,
    fingerprint: fingerprint256.replaceAll(':', '').toLowerCase(),
    spki_hash: createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
    san_dns: names('DNS:'),
    san_email: names('email:'),
    san_uri: names('URI:'),
  };
}
