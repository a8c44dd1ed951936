import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { Config, Located } from './config.ts';
import type { Fields } from './parse-keys.ts';
import type { Problems } from './problems.ts';

const CLEAR = '"insecure_server: true" on loopback or behind a TLS terminator';

/** The certificate to serve with, or none, which has to be said: a proxy serves clear text by decision, not by oversight. */
export function chooseCertificate(fields: Fields<'global'>, tree: Located, problems: Problems): Config['certificate'] {
  const chain = fields.certificate ?? fields.certificate_file;
  const key = fields.certificate_key ?? fields.certificate_key_file;
  const insecure = fields.insecure_server;
  const only = chain ?? key;
  if (only === undefined) {
    const need = `"certificate" and "certificate_key", or ${CLEAR}`;
    if (insecure === undefined) problems.error(tree.position, `missing keys ${need}`);
    if (insecure?.value === false) problems.error(insecure.position, `"insecure_server: false" needs ${need}`);
    return null;
  }
  if (insecure?.value === true) {
    problems.error(insecure.keyPosition, '"insecure_server: true" excludes "certificate" and "certificate_key"');
  }
  if (chain === undefined || key === undefined) {
    const need =
      chain === undefined ? '"certificate_key" needs "certificate"' : '"certificate" needs "certificate_key"';
    problems.error(only.keyPosition, need);
    return null;
  }
  if (chain.value === undefined || key.value === undefined) return null;
  const pair = { chain: chain.value, key: key.value };
  const fault = findFault(pair);
  if (fault !== null) problems.error(key.position, fault);
  return pair;
}

function findFault({ chain, key }: NonNullable<Config['certificate']>): string | null {
  if (!new X509Certificate(chain).checkPrivateKey(createPrivateKey(key))) {
    return '"certificate_key" is not the key of the first certificate in "certificate"';
  }
  try {
    createSecureContext({ cert: chain, key });
    return null;
  } catch {
    return 'TLS cannot use "certificate" and "certificate_key": they are too weak, or of a kind that it does not know';
  }
}
