import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { readTextAsset } from '../assets.ts';
import { SERVICES, type ServiceName } from './scenario.ts';

export interface Scenario {
  /** A fresh folder of its own, mode 0700: the copy, the state, logs and credentials. */
  readonly folder: string;
  /** The copy of docs/scenario.yaml. */
  readonly config: string;
  /** The URL of the proxy. */
  readonly proxy: string;
  /** Where people sign in, on the proxy. */
  readonly authenticateUrl: string;
  /** What the proxy shows the provider. */
  readonly clientSecret: string;
  readonly providerPort: number;
  readonly ports: Readonly<Record<ServiceName, number>>;
  /** The key with which the proxy will sign: the demo gives it, so that it can make an assertion that has expired. */
  readonly signingKey: KeyObject;
  /** What was changed because a port was taken, a sentence each. */
  readonly changes: readonly string[];
}

/** Copies the scenario into a temporary folder; where a port is taken, the copy gets a free one. */
export async function prepareScenario(): Promise<Scenario> {
  const folder = await mkdtemp(join(tmpdir(), 'behalf-demo-'));
  const document = parseDocument(readTextAsset('docs/scenario.yaml'));
  const changes: string[] = [];
  const held: Server[] = [];

  const settle = async (path: readonly (string | number)[], prefix: string): Promise<number> => {
    const wanted = readPort(document, path);
    const { server, port } = await hold(wanted);
    held.push(server);
    if (port !== wanted) {
      document.setIn(path, `${prefix}127.0.0.1:${port}`);
      changes.push(`port ${wanted} is taken: ${path.join('.')} is 127.0.0.1:${port}`);
    }
    return port;
  };

  const proxyPort = await settle(['address'], '');
  const providerPort = await settle(['idp_provider_url'], 'http://');
  const ports = { App: 0, API: 0, API2: 0 };
  for (const [index, name] of SERVICES.entries()) ports[name] = await settle(['routes', index, 'to'], 'http://');
  // All are held until the last is chosen, so that none is chosen twice.
  await Promise.all(held.map((server) => once(server.close(), 'close')));

  const url = new URL(String(document.get('authenticate_service_url')));
  url.port = String(proxyPort);
  const authenticateUrl = url.origin;
  document.set('authenticate_service_url', authenticateUrl);
  const clientSecret = randomBytes(32).toString('base64url');
  document.set('idp_client_secret', clientSecret);
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keyFile = join(folder, 'signing-key.pem');
  await writeFile(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  document.set('signing_key_file', keyFile);
  document.set('state_dir', join(folder, 'state'));
  const config = join(folder, 'scenario.yaml');
  await writeFile(config, document.toString({ lineWidth: 0 }), { mode: 0o600 });
  return {
    folder,
    config,
    proxy: `http://127.0.0.1:${proxyPort}`,
    authenticateUrl,
    clientSecret,
    providerPort,
    ports,
    signingKey: privateKey,
    changes,
  };
}

function readPort(document: Document, path: readonly (string | number)[]): number {
  const value = String(document.getIn(path));
  return Number(value.slice(value.lastIndexOf(':') + 1));
}

/** Listens on the port that was asked for, or on any free one. */
async function hold(wanted: number): Promise<{ server: Server; port: number }> {
  const listen = async (port: number) => {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    return { server, port: (server.address() as AddressInfo).port };
  };
  try {
    return await listen(wanted);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return await listen(0);
  }
}
