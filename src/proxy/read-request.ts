import type { IncomingMessage } from 'node:http';
import { BehalfError } from '../errors.ts';
import { type NormalPath, normalizePath } from '../normalize-path.ts';
import type { ReservedNames } from './build-reserved-names.ts';
import { readAddresses } from './read-addresses.ts';
import { type ReadHeaders, readHeaders } from './read-headers.ts';

/** A request as it is judged and forwarded: what could be read in two ways was refused, what may not be read is gone. */
export interface ClientRequest extends ReadHeaders {
  readonly method: string;
  /** Lower-case, without port and trailing dot. */
  readonly host: string;
  /** The Host header, lower-case. */
  readonly authority: string;
  readonly path: NormalPath;
  /** The query byte for byte, without `pomerium_session`: "" or with its question mark. */
  readonly search: string;
  /** The addresses that it came by, as `normalizeAddress` spells them: the client's first, the peer's last. */
  readonly addresses: readonly [client: string, ...string[]];
  /** Whether it came over TLS. */
  readonly isSecure: boolean;
  /** Whether it is a WebSocket's handshake, after which its connection is no longer HTTP. */
  readonly isUpgrade: boolean;
}

/**
 * What is refused is not quoted: it may hold a credential, and messages go to the log.
 *
 * @param trustedHops how many proxies stand in front of this one
 * @throws BehalfError ERR_REQUEST_MALFORMED (`host`, `target`, `path`, `framing`, `connection`, `forwarded`),
 *   ERR_REQUEST_METHOD, ERR_REQUEST_UPGRADE, ERR_REQUEST_EXPECTATION, ERR_REQUEST_TOO_LARGE, ERR_REQUEST_VERSION,
 *   ERR_CLIENT_GONE
 */
export function readRequest(message: IncomingMessage, isReserved: ReservedNames, trustedHops = 0): ClientRequest {
  const method = message.method ?? '';
  // Node's server says so where it was told to let go of the connection.
  const isUpgrade = 'upgrade' in message && message.upgrade === true;
  checkProtocol(message, method, isUpgrade);
  const authority = readAuthority(message.rawHeaders);
  const target = originForm(message.url ?? '', authority);
  const mark = target.indexOf('?');
  return {
    method,
    host: authority.replace(/:\d+$/, '').replace(/\.$/, ''),
    authority,
    path: normalizePath(mark < 0 ? target : target.slice(0, mark)),
    search: mark < 0 ? '' : readSearch(target.slice(mark)),
    addresses: readAddresses(message, trustedHops),
    isSecure: 'encrypted' in message.socket,
    isUpgrade,
    ...readHeaders(message.rawHeaders, isReserved),
  };
}

function checkProtocol(message: IncomingMessage, method: string, isUpgrade: boolean): void {
  if (message.httpVersion !== '1.1' && message.httpVersion !== '1.0') {
    throw new BehalfError('ERR_REQUEST_VERSION', `HTTP/${message.httpVersion} is not spoken here`);
  }
  if (method === 'TRACE' || method === 'CONNECT') {
    throw new BehalfError('ERR_REQUEST_METHOD', `${method} is not taken`);
  }
  const { expect, upgrade, 'content-length': length, 'transfer-encoding': coding } = message.headers;
  if (upgrade !== undefined && !isUpgrade) {
    throw new BehalfError('ERR_REQUEST_UPGRADE', 'the upgrade is not a WebSocket handshake', {
      reason: 'upgrade',
    });
  }
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    throw new BehalfError('ERR_REQUEST_EXPECTATION', 'Expect asks for something else than 100-continue');
  }
  // RFC 9112 section 6.1: a coding beside chunked would be lost on the way; HTTP/1.0 knows none.
  if (coding !== undefined && (coding.toLowerCase() !== 'chunked' || message.httpVersion === '1.0')) {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'Transfer-Encoding is not chunked alone', { reason: 'framing' });
  }
  if (length !== undefined && (coding !== undefined || !/^\d{1,15}$/.test(length))) {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'Content-Length is no length, or beside Transfer-Encoding', {
      reason: 'framing',
    });
  }
}

const AUTHORITY = /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/;

function readAuthority(raw: readonly string[]): string {
  const hosts = raw.filter((_, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === 'host');
  const authority = hosts[0]?.toLowerCase() ?? '';
  if (hosts.length !== 1 || authority.length > 260 || !AUTHORITY.test(authority) || !isCanonical(authority)) {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'Host must be there once and name a host', { reason: 'host' });
  }
  return authority;
}

/** An IP address has many spellings (`127.1`, `[0:0::1]`); a second one would pass by the routes of the first. */
function isCanonical(authority: string): boolean {
  const host = authority.replace(/:\d+$/, '');
  const isAddress = host.startsWith('[') || /(?:^|\.)(?:\d+|0x[0-9a-f]*)\.?$/.test(host);
  return !isAddress || URL.parse(`http://${host}`)?.hostname === host;
}

/** RFC 9112 section 3.2: the target's authority, where it has one, must be the one that Host names. */
function originForm(target: string, authority: string): string {
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
  if (absolute === null && target.startsWith('/')) {
    return target;
  }
  if (absolute?.[1]?.toLowerCase() !== authority) {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'the request target is no path, and not of the host of Host', {
      reason: 'target',
    });
  }
  const rest = absolute[2] ?? '';
  return rest.startsWith('/') ? rest : `/${rest}`;
}

/** A session handed over in the query is never read, and never passed on. */
function readSearch(search: string): string {
  if (search.includes('#')) {
    throw new BehalfError('ERR_REQUEST_MALFORMED', 'the request target has a fragment', { reason: 'target' });
  }
  if (!/pomerium|%/i.test(search)) {
    return search;
  }
  // Each with what ends it; some servers take a semicolon too.
  const parameters = search.slice(1).split(/(?<=[&;])/);
  const others = parameters.filter((parameter) => !/^pomerium_session(?:[=&;]|$)/.test(decodeAscii(parameter)));
  if (others.length === parameters.length) {
    return search;
  }
  const rest = others.join('').replace(/[&;]$/, '');
  return rest === '' ? '' : `?${rest}`;
}

function decodeAscii(text: string): string {
  return text.replace(/%([0-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
