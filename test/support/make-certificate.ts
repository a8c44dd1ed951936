import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Both PEM. The certificate is its own authority: who trusts it trusts it alone. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate of two days, made by OpenSSL, as Node can make none. `names` are host names and IP addresses. */
export async function makeCertificate(...names: readonly [string, ...string[]]): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-certificate-'));
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  const alternatives = names.map((name) => `${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}`);
  try {
    await promisify(execFile)('openssl', [
      ...['req', '-x509', '-days', '2', '-nodes', '-subj', `/CN=${names[0]}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-keyout', key, '-out', certificate],
      ...['-addext', `subjectAltName=${alternatives.join(',')}`],
    ]);
    return { certificate: await readFile(certificate, 'utf8'), key: await readFile(key, 'utf8') };
  } finally {
    await rm(folder, { recursive: true });
  }
}
