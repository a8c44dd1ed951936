import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Config } from '../config/config.ts';
import type { ClientCertificate, InputDocument, OriginalUserError } from '../engine/documents.ts';
import { BehalfError } from '../errors.ts';
import { HEADER_NAME, HEADER_VALUE } from '../header-syntax.ts';
import { isOwnPath } from '../is-own-path.ts';
import { normalizeAddress } from '../normalize-address.ts';
import { buildInput } from '../proxy/build-input.ts';
import { buildReservedNames } from '../proxy/build-reserved-names.ts';
import { checkUpgrade } from '../proxy/check-upgrade.ts';
import { findCredential } from '../proxy/find-credential.ts';
import { NO_ORIGINAL_USER } from '../proxy/find-original-user.ts';
import { findScheme } from '../proxy/find-scheme.ts';
import type { Header } from '../proxy/header.ts';
import { isWebsocketHandshake } from '../proxy/is-websocket-handshake.ts';
import { buildRouteTable, matchRoute } from '../proxy/match-route.ts';
import { type ClientRequest, readRequest } from '../proxy/read-request.ts';
import { openCookies } from '../sign-in/cookies.ts';
import { imagineCaller, imagineOriginalUser, type Person } from './imagine-people.ts';

/** A request that nobody sent. */
export interface Imagined {
  /** GET where it is not said. */
  readonly method?: string;
  /** `https://app.example.com/a?b=c`; what stands after the host is taken as it is written, as from a request line. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The client's address; where it is not said, what the proxy finds out about a connection from 127.0.0.1. */
  readonly ip?: string;
  /** Who calls; null and undefined for nobody. */
  readonly as?: Person | null;
  /** On whose behalf a service account calls. */
  readonly for?: Person | null;
  /** What is wrong with the assertion that a service account brings. */
  readonly forError?: OriginalUserError | null;
  readonly clientCertificate?: Partial<ClientCertificate> | null;
  /** Now where it is not said. */
  readonly at?: Date;
}

const NO_CERTIFICATE: ClientCertificate = {
  valid: false,
  fingerprint: '',
  spki_hash: '',
  san_dns: [],
  san_email: [],
  san_uri: [],
};

export interface ImaginedRequest {
  readonly input: InputDocument;
  /** As the upstream would get them, were it not for the decision; Authorization and Cookie, where they are its own, too. */
  readonly headers: readonly Header[];
}

/**
 * What the proxy would have made of a request: read, matched with a route and stripped by the proxy's own steps. Only
 * cryptography is left out: people are who they are said to be.
 *
 * @throws BehalfError ERR_INPUT_INVALID for what cannot be imagined, and ERR_REQUEST_* where the proxy refuses such a
 *   request before it asks a policy
 */
export function imagineRequest(config: Config, imagined: Imagined): ImaginedRequest {
  const request = receive(config, imagined);
  if (isOwnPath(request.path.decoded)) throw unimaginable('the proxy itself answers this path, and asks no policy');
  const routes = buildRouteTable(config);
  const route = matchRoute(routes, request.host, request.path.decoded);
  checkUpgrade(request, route);
  const { credential, headers } = findCredential(request, () => null, openCookies(config.session));
  if (credential !== null || Object.values(request.presented).some((values) => values.length > 0)) {
    throw unimaginable('say with "as" and "for" who calls and on whose behalf, not with a token in a header');
  }
  const { as, clientCertificate, at = new Date() } = imagined;
  const seconds = Math.floor(at.getTime() / 1000);
  const caller = as ? imagineCaller(as, config, seconds) : null;
  const scheme = findScheme(request, route, { ...config, routes });
  const document = buildInput(route, request, scheme, { ...NO_ORIGINAL_USER, caller, headers });
  const input = {
    ...document,
    ...imagineOriginal(imagined, config, request.host, seconds),
    request: {
      ...document.request,
      client_certificate: clientCertificate ? { ...NO_CERTIFICATE, ...clientCertificate } : null,
    },
    time_ns: at.getTime() * 1e6,
  };
  return { input, headers };
}

function imagineOriginal(
  { as, for: person, forError = null }: Imagined,
  config: Config,
  host: string,
  seconds: number,
): Pick<InputDocument, 'original_user' | 'original_user_error'> {
  if (person || forError !== null) {
    if (as?.type !== 'service_account') throw unimaginable('only a service account calls on behalf of somebody');
    if (person && forError !== null) throw unimaginable("an assertion that is not valid is on nobody's behalf");
  }
  const isRead = config.originalUser === 'verified' && person;
  return {
    original_user: isRead ? imagineOriginalUser(person, config, host, seconds) : null,
    original_user_error: forError,
  };
}

/** Through Node's message, so that the proxy's own reading of a request is the one that counts. */
function receive(config: Config, { method = 'GET', url, headers = {}, ip }: Imagined): ClientRequest {
  const [, scheme, authority, target = ''] = /^(https?):\/\/([^/?#]+)(.*)$/s.exec(url) ?? [];
  if (scheme === undefined || authority === undefined) {
    throw unimaginable('a URL is due, such as https://app.example.com/path');
  }
  // A client sends UTF-8, and the proxy reads headers byte for byte.
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, Buffer.from(value).toString('latin1')]),
  );
  for (const [name = '', value = ''] of lines) {
    if (!HEADER_NAME.test(name) || !HEADER_VALUE.test(value)) {
      throw unimaginable(`no request can hold the header ${JSON.stringify(name)}`);
    }
  }
  if (ip !== undefined && normalizeAddress(ip) === null) {
    throw unimaginable('an IP address is due, such as 192.0.2.1');
  }
  const secure = scheme === 'https' ? { encrypted: { value: true } } : {};
  const socket = Object.defineProperties(new Socket(), { remoteAddress: { value: ip ?? '127.0.0.1' }, ...secure });
  const message = new IncomingMessage(socket);
  message.method = method;
  message.url = target.startsWith('/') ? target : `/${target}`;
  message.httpVersion = '1.1';
  message.rawHeaders = [['Host', authority], ...lines].flat();
  // What Node's parser makes of them, as far as a request is read by it.
  message.headers = Object.fromEntries(lines.map(([name = '', value]) => [name.toLowerCase(), value]));
  if (!HEADER_NAME.test(method)) throw unimaginable('a method is due, such as GET');
  if (isWebsocketHandshake(message)) Object.assign(message, { upgrade: true });
  return readRequest(message, buildReservedNames(config.claimHeaders), ip === undefined ? config.trustedHops : 0);
}

function unimaginable(why: string): BehalfError {
  return new BehalfError('ERR_INPUT_INVALID', why);
}
