import { once } from 'node:events';
import { boot } from '../boot.ts';
import { createLog } from '../log.ts';
import { parseOptions } from './parse-options.ts';

export async function serve(args: readonly string[]): Promise<number> {
  const { values } = parseOptions(args, {});
  process.umask(0o077);
  const log = createLog(process.stderr);
  // Who starts it with an IPC channel, as `behalf demo` does, takes it along when it goes, however it goes.
  const stop = Promise.race(['SIGTERM', 'SIGINT', 'disconnect'].map((event) => once(process, event)));
  process.channel?.unref();
  if (process.connected === false) return 0;
  const running = await boot(values.config, log);
  process.stdout.write(`listening on ${running.url}\n`);
  await stop;
  log.info('draining: no new connections, running requests end');
  await running.close();
  return 0;
}
