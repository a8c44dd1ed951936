import { join } from 'node:path';
import { compilePolicy } from './compile/compile-policy.ts';
import { listVerdictReads } from './compile/list-verdict-reads.ts';
import { openPolicyCache } from './compile/open-policy-cache.ts';
import type { Config } from './config/config.ts';
import { loadConfig } from './config/load-config.ts';
import { type Journal, openJournal } from './decision-log/open-journal.ts';
import { openRecorder, type Recorder } from './decision-log/open-recorder.ts';
import type { Development } from './dev-users/open-development.ts';
import { loadEngine } from './engine/load-engine.ts';
import { BehalfError, writeProblem } from './errors.ts';
import { createExplainer } from './explain/create-explainer.ts';
import { writeExplanationRego } from './explain/write-explanation-rego.ts';
import { deriveKey } from './identity/derive-key.ts';
import { loadSharedSecret } from './identity/load-shared-secret.ts';
import { openIdentity } from './identity/open-identity.ts';
import { type KeySets, openKeySets } from './identity/open-key-sets.ts';
import { openStateDir } from './identity/open-state-dir.ts';
import type { Log } from './log.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { type Compiler, startCompiler } from './opa/start-compiler.ts';
import { openBrowsers } from './open-browsers.ts';
import { buildProxyParts, type ProxyParts } from './proxy/build-proxy-parts.ts';
import { createProxy } from './proxy/create-proxy.ts';
import { buildRouteTable, routesServeHost, servesHost } from './proxy/match-route.ts';
import { trustSystemAuthorities } from './proxy/trust-system-authorities.ts';

export interface Running {
  /** Where the proxy listens, e.g. `https://127.0.0.1:8443`. */
  readonly url: string;
  /**
   * Serves requests that begin from now on as the configuration says now. Never rejects: what is wrong with it is logged,
   * and the one before stays. Called while it runs, it runs once more.
   */
  reload(): Promise<void>;
  /** Takes no new connection, lets running requests end for at most `graceMs`, then closes the store. */
  close(graceMs?: number): Promise<void>;
}

/** What one configuration hands over to the next. */
interface Lasting {
  readonly keySets: KeySets;
  readonly journal: Journal;
  /** Who edits a policy reloads again soon, and a compiler takes longer to begin than to compile. */
  readonly compiler: Compiler;
  readonly development: Development | null;
  readonly log: Log;
}

interface Opened {
  readonly config: Config;
  readonly parts: ProxyParts;
}

/**
 * The whole way of a configuration: load, compile, engine, identity, proxy.
 *
 * Rejects with ERR_CONFIG_INVALID, ERR_COMPILE_FAILED, ERR_OPA_FAILED, ERR_ENGINE_FAILED, ERR_STATE_UNUSABLE or
 * ERR_LISTEN_FAILED.
 *
 * @param development null for people as they are
 */
export async function boot(file: string, log: Log, development: Development | null = null): Promise<Running> {
  await using starting = new AsyncDisposableStack();
  const journal = starting.use(openJournal(log));
  const compiler = starting.use(startCompiler());
  const lasting: Lasting = { keySets: openKeySets(), journal, compiler, development, log };
  const first = await open(file, null, lasting);
  const { address, certificate } = first.config;
  const proxy = createProxy({ address, certificate, parts: first.parts, log });
  const bound = await proxy.listen().catch(async (error) => {
    await first.parts[Symbol.asyncDispose]();
    throw error;
  });
  const opened = starting.move();

  let isClosing = false;
  const reload = oneAtATime(async () => {
    log.info('reloading');
    try {
      const { config, parts } = await open(file, first.config, lasting);
      if (isClosing) {
        await parts[Symbol.asyncDispose]();
        return;
      }
      proxy.replace(parts, config.certificate);
      log.info('reloaded', { routes: config.routes.length });
    } catch (error) {
      logRefusal(error, log);
    }
  });
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `${certificate === null ? 'http' : 'https'}://${host}:${bound.port}`,
    reload,
    async close(graceMs) {
      isClosing = true;
      await proxy.close(graceMs);
      await opened.disposeAsync();
    },
  };
}

/** @param running the configuration that is served now, which this one is to replace; null at the start */
async function open(
  file: string,
  running: Config | null,
  { keySets, journal, compiler, development, log }: Lasting,
): Promise<Opened> {
  const { config: written, warnings } = await loadConfig(file);
  const developed = development?.load(written) ?? null;
  const config = developed?.config ?? written;
  if (running !== null) {
    checkReplaces(running, config);
  }
  const { stateDir } = config;
  openStateDir(stateDir);
  const sharedSecret = loadSharedSecret(stateDir, config.sharedSecret);
  const cache = openPolicyCache(join(stateDir, 'cache'), deriveKey(sharedSecret, 'policyCache'), log.warn);
  const hasOperators = config.operators.length > 0;
  const policy = await compilePolicy(config, compiler, cache, hasOperators ? writeExplanationRego : undefined);
  for (const warning of [...warnings, ...policy.warnings]) {
    log.warn(writeProblem(warning));
  }
  const engine = await loadEngine(policy);
  if (speaksTls(config)) {
    trustSystemAuthorities();
  }
  const routes = buildRouteTable(config);
  const isHost = (host: string): boolean => servesHost(routes, host);
  using opening = new DisposableStack();
  const browsers = opening.use(openBrowsers(config, sharedSecret, isHost, log, developed));
  const identity = await openIdentity({
    ...config,
    sharedSecret,
    keySets,
    isLiveSession: (sid) => browsers.sessions.isLive(sid),
    servesHost: isHost,
    routesServeHost: (names, host) => routesServeHost(routes, names, host),
  });
  const { headerTexts } = policy;
  const recorder = record(config, journal);
  const explainer = hasOperators ? createExplainer(config, engine) : null;
  opening.move();
  return {
    config,
    parts: buildProxyParts(config, { routes, engine, identity, headerTexts, recorder, explainer, browsers, log }),
  };
}

/** Claims with a header of their own are signed whatever the policy reads, so a line without them would be half a record. */
function record(config: Config, journal: Journal): Recorder | null {
  const { decisionLog, claimHeaders } = config;
  if (decisionLog === null) return null;
  const claims = [...decisionLog.claims, ...claimHeaders.map(({ claim }) => claim)];
  return openRecorder({ ...decisionLog, claims }, listVerdictReads(config), journal);
}

/** @throws BehalfError ERR_CONFIG_INVALID for what only a new process could change */
function checkReplaces(running: Config, { file, address, certificate, stateDir }: Config): void {
  const { host, port } = running.address;
  if (address.host !== host || address.port !== port) {
    throw new BehalfError('ERR_CONFIG_INVALID', `${file}: another "address" needs a restart`);
  }
  if (stateDir !== running.stateDir) {
    throw new BehalfError('ERR_CONFIG_INVALID', `${file}: another "state_dir" needs a restart`);
  }
  if ((certificate === null) !== (running.certificate === null)) {
    throw new BehalfError('ERR_CONFIG_INVALID', `${file}: a change between TLS and clear text needs a restart`);
  }
}

/** Whether the proxy itself connects to anyone by TLS. */
function speaksTls({ provider, trustedIssuers, routes }: Config): boolean {
  return (
    provider?.issuer.startsWith('https:') === true ||
    trustedIssuers.some(({ keys }) => keys.kind === 'url' && keys.url.startsWith('https:')) ||
    routes.some(({ to }) => to.some(({ protocol }) => protocol === 'https:'))
  );
}

function logRefusal(error: unknown, log: Log): void {
  const problems = error instanceof BehalfError ? error.problems : [];
  for (const problem of problems) {
    log.error(writeProblem(problem));
  }
  const detail = error instanceof BehalfError ? error.message : String((error as Error | undefined)?.stack ?? error);
  log.error('reload refused: the configuration before it stays', problems.length > 0 ? {} : { detail });
}
