import { generateKeyPairSync, hash, randomUUID } from 'node:crypto';
import type { Config } from '../config/config.ts';
import { readText } from '../config/read-text.ts';
import { BehalfError } from '../errors.ts';
import { isLoopbackSite } from '../is-loopback-site.ts';
import type { Person } from '../session/session.ts';
import type { Chooser } from '../sign-in/open-sign-in.ts';
import { createChooser } from './create-chooser.ts';
import { parseUsers } from './parse-users.ts';

/** A proxy on loopback where everybody is whom they say (`behalf serve --dev-users FILE`). */
export interface Development {
  /**
   * What a configuration becomes, and how people sign in by it. Reads the file of people anew.
   *
   * @throws BehalfError ERR_CONFIG_INVALID for what is not for development, and for every problem of the file of people
   */
  load(config: Config): Developed;
}

export interface Developed {
  /**
   * Who says who people are: made at the start and of the people, so that its sessions are nobody's anywhere else, nor
   * later, nor once the people are others.
   */
  readonly issuer: string;
  readonly config: Config;
  readonly chooser: Chooser;
}

const LOOPBACK_ADDRESS = /^(?:127(?:\.\d{1,3}){3}|::1|localhost)$/;
const MAX_FILE_BYTES = 1024 * 1024;

/** @param file of people, as `parseUsers` reads it */
export function openDevelopment(file: string): Development {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const signingKeys = [privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()];
  const start = randomUUID();
  return {
    load(config) {
      checkAllowed(config);
      const people = loadUsers(file);
      const authenticateServiceUrl = chooseUrl(config);
      return {
        issuer: `development:${start}:${hash('sha256', JSON.stringify(people))}`,
        config: { ...config, signingKeys, provider: null, bearerTokenFormat: 'default', authenticateServiceUrl },
        chooser: createChooser(people, config.branding),
      };
    },
  };
}

function checkAllowed({ file, address, signingKeys, trustedIssuers }: Config): void {
  const refuse = (why: string): never => {
    throw new BehalfError('ERR_CONFIG_INVALID', `${file}: --dev-users ${why}`);
  };
  if (!LOOPBACK_ADDRESS.test(address.host)) refuse('needs an "address" on loopback, such as 127.0.0.1:8080');
  if (address.port === 0) refuse('needs an "address" with a port, by which browsers find the sign-in');
  if (signingKeys.length > 0) refuse('excludes "signing_key": what it signs must count nowhere else');
  if (trustedIssuers.length > 0) refuse('excludes "trusted_issuers": their people are real');
}

function loadUsers(file: string): readonly Person[] {
  const reading = readText(file, MAX_FILE_BYTES);
  if ('failure' in reading) throw new BehalfError('ERR_CONFIG_INVALID', `${file}: cannot be read: ${reading.failure}`);
  return parseUsers(reading.text, file);
}

/** The configuration's own where it is on loopback. */
function chooseUrl({ file, address, authenticateServiceUrl: own, certificate, routes }: Config): URL {
  if (own !== null && isLoopbackSite(own.hostname)) return own;
  const url = new URL(`${certificate === null ? 'http' : 'https'}://authenticate.localhost:${address.port}`);
  if (!routes.some(({ from }) => from.host === url.hostname)) return url;
  const why = `takes ${url.hostname} for itself, and a route has it: set "authenticate_service_url" to another host`;
  throw new BehalfError('ERR_CONFIG_INVALID', `${file}: --dev-users ${why}`);
}
