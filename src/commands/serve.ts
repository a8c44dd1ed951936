import { once } from 'node:events';
import { boot } from '../boot.ts';
import { openDevelopment } from '../dev-users/open-development.ts';
import { createLog } from '../log.ts';
import { parseOptions } from './parse-options.ts';

const DEVELOPMENT =
  'DEVELOPMENT MODE: whoever reaches this port is anybody they choose, without a password. Never use it for others';

export async function serve(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, { 'dev-users': { type: 'string' } });
  process.umask(0o077);
  const log = createLog(process.stderr);
  // However it ends, a fatal error included.
  process.once('exit', log.flush);
  // Who starts it with an IPC channel, as `behalf demo` does, takes it along when it goes, however it goes.
  const left = once(process, 'disconnect');
  process.channel?.unref();
  if (process.connected === false) return 0;
  // One that comes while it starts may be about what has been read already.
  let isAskedEarly = false;
  const noteEarly = (): void => {
    isAskedEarly = true;
  };
  process.on('SIGHUP', noteEarly);
  const users = values['dev-users'];
  if (users !== undefined) log.warn(DEVELOPMENT, { users });
  const running = await boot(values.config, log, users === undefined ? null : openDevelopment(users));
  process.off('SIGHUP', noteEarly).on('SIGHUP', running.reload);
  if (isAskedEarly) {
    void running.reload();
  }
  process.stdout.write(`listening on ${running.url}\n`);
  if (users !== undefined) process.stdout.write(`${DEVELOPMENT}\n`);
  // Only from here on is there something to drain: until now, and again afterwards, a signal ends the process at once.
  const asked = new AbortController();
  const signals = ['SIGTERM', 'SIGINT'].map((name) => once(process, name, asked));
  await Promise.race([left, ...signals]);
  asked.abort();
  await Promise.allSettled(signals);
  log.info('draining: no new connections, running requests end');
  await running.close();
  return 0;
}
