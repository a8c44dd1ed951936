import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { BehalfError } from '../errors.ts';
import { type KeyStatus, openStateKeys, type StateKeys } from '../identity/open-state-keys.ts';
import { parseSeconds } from '../identity/parse-seconds.ts';
import { generatePrivateKey, SIGNING_ALGORITHMS, type SigningAlgorithm } from '../signing-algorithms.ts';
import { parseOptions } from './parse-options.ts';
import { writeTable } from './write-table.ts';
import { writeTime } from './write-time.ts';

const ALGORITHMS = Object.keys(SIGNING_ALGORITHMS) as SigningAlgorithm[];
const DEFAULT_AFTER = '1h';
/** What the proxy's JWKS says of itself: `max-age=60`. */
const JWKS_MAX_AGE_SECONDS = 60;

export async function keys([action, ...args]: readonly string[]): Promise<number> {
  switch (action) {
    case 'generate': {
      const { values } = parseOptions(args, { alg: { type: 'string' } });
      process.stdout.write(generatePrivateKey(parseAlgorithm(values.alg) ?? 'ES256'));
      return 0;
    }
    case 'rotate':
      return rotate(args);
    case 'list': {
      const { values } = parseOptions(args, {});
      using opened = await open(values.config);
      process.stdout.write(writeList(opened.stateKeys.list()));
      return 0;
    }
    case undefined:
      throw new BehalfError('ERR_USAGE', 'one of generate, rotate, list is missing');
    default:
      throw new BehalfError('ERR_USAGE', `there is no action "${action}"`);
  }
}

async function rotate(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {
    alg: { type: 'string' },
    after: { type: 'string' },
    revoke: { type: 'string' },
  });
  const alg = parseAlgorithm(values.alg);
  if (values.revoke !== undefined && values.after !== undefined) {
    throw new BehalfError('ERR_USAGE', '--revoke drops a key at once: it takes no --after');
  }
  const afterSeconds = parseAfter(values.after ?? DEFAULT_AFTER);
  using opened = await open(values.config);
  const { stateKeys, config } = opened;

  if (values.revoke !== undefined) {
    const successor = stateKeys.revoke(values.revoke, alg);
    process.stderr.write(`revoked: ${values.revoke}\n`);
    if (successor !== null) process.stdout.write(`${successor.kid}\n`);
    return 0;
  }
  const maxAges = config.routes.map((route) => route.originalUserMaxAgeSeconds ?? 0);
  const waiting = stateKeys.list().filter(({ state }) => state === 'next');
  const added = stateKeys.rotate({ alg, afterSeconds, maxAgeSeconds: Math.max(0, ...maxAges) });
  process.stdout.write(`${added.kid}\n`);
  for (const { kid } of waiting) process.stderr.write(`${kid} had not signed yet, and is retired\n`);
  process.stderr.write(`published; it signs from ${writeTime(added.signs_from, '')}\n`);
  if (afterSeconds < JWKS_MAX_AGE_SECONDS) {
    process.stderr.write(
      `behalf: verifiers may hold the keys for ${JWKS_MAX_AGE_SECONDS} s, and not know this one when it begins to sign\n`,
    );
  }
  return 0;
}

function parseAlgorithm(text: string | undefined): SigningAlgorithm | null {
  if (text === undefined) return null;
  const alg = ALGORITHMS.find((name) => name === text);
  if (alg !== undefined) return alg;
  throw new BehalfError('ERR_USAGE', `--alg takes ${ALGORITHMS.join(', ')}, not ${JSON.stringify(text)}`);
}

function parseAfter(text: string): number {
  const seconds = parseSeconds(text);
  if (seconds !== null) return seconds;
  throw new BehalfError('ERR_USAGE', `--after takes 0s, 90s, 15m, 12h or 30d, not ${JSON.stringify(text)}`);
}

interface Opened extends Disposable {
  readonly config: Config;
  readonly stateKeys: StateKeys;
}

async function open(configFile: string): Promise<Opened> {
  process.umask(0o077);
  const { config } = await loadConfig(configFile);
  if (config.signingKeys.length > 0) {
    throw new BehalfError(
      'ERR_USAGE',
      `the keys are those of "signing_key" in ${config.file}, not of the state folder: put a new one there, behind the one that signs, then first, and send SIGHUP to the proxy each time`,
    );
  }
  const stateKeys = openStateKeys(config.stateDir);
  return { config, stateKeys, [Symbol.dispose]: () => stateKeys[Symbol.dispose]() };
}

function writeList(list: readonly KeyStatus[]): string {
  const rows = list.map(({ kid, alg, state, created_at, signs_from, retired_at, ends_at }) => [
    kid,
    alg,
    state,
    writeTime(created_at, ''),
    // One that was replaced before its time never signed.
    writeTime(signs_from < (retired_at ?? Infinity) ? Math.max(created_at, signs_from) : null, '-'),
    writeTime(retired_at, '-'),
    writeTime(ends_at, '-'),
  ]);
  return writeTable([['KID', 'ALG', 'STATE', 'CREATED', 'SIGNS FROM', 'RETIRED', 'GONE'], ...rows]);
}
