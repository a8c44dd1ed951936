import { compilePolicy } from './compile/compile-policy.ts';
import { loadConfig } from './config/load-config.ts';
import { loadEngine } from './engine/load-engine.ts';
import { writeProblem } from './errors.ts';
import { openIdentity } from './identity/open-identity.ts';
import type { Log } from './log.ts';
import { startCompiler } from './opa/start-compiler.ts';
import { createProxy } from './proxy/create-proxy.ts';
import { buildRouteTable, servesHost } from './proxy/match-route.ts';

export interface Running {
  /** Where the proxy listens, e.g. `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Takes no new connection, lets running requests end, then closes the store. */
  close(): Promise<void>;
}

/**
 * The whole way of a configuration: load, compile, engine, identity, proxy.
 *
 * Rejects with ERR_CONFIG_INVALID, ERR_COMPILE_FAILED, ERR_OPA_FAILED, ERR_ENGINE_FAILED or ERR_STATE_UNUSABLE.
 */
export async function boot(file: string, log: Log): Promise<Running> {
  const { config, warnings } = await loadConfig(file);
  await using compiler = startCompiler();
  const policy = await compilePolicy(config, compiler);
  for (const warning of [...warnings, ...policy.warnings]) {
    log.warn(writeProblem(warning));
  }
  const engine = await loadEngine(policy);
  const routes = buildRouteTable(config.routes);
  const identity = await openIdentity({
    stateDir: config.stateDir,
    sharedSecret: config.sharedSecret,
    signingKey: config.signingKey,
    provider: config.provider,
    servesHost: (host) => servesHost(routes, host),
  });
  const proxy = createProxy({ config, engine, identity, log });
  const { address, family, port } = await proxy.listen();
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    async close() {
      await proxy.close();
      await identity[Symbol.asyncDispose]();
    },
  };
}
