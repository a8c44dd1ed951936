import { getCACertificates, setDefaultCACertificates } from 'node:tls';

let isDone = false;

/**
 * Has all TLS connections of the process trust the system's certificate authorities beside those that come with Node, as
 * `SSL_CERT_FILE` and `SSL_CERT_DIR` say where they are. Takes some 0.2 s the first time.
 */
export function trustSystemAuthorities(): void {
  if (!isDone) {
    setDefaultCACertificates([...new Set([...getCACertificates('default'), ...getCACertificates('system')])]);
    isDone = true;
  }
}
