import { once } from 'node:events';
import { BehalfError } from '../errors.ts';
import { createScreen } from './create-screen.ts';
import { keepCredentials } from './keep-credentials.ts';
import { runServer } from './run-server.ts';
import { setStage } from './set-stage.ts';
import { walk } from './walk.ts';
import { writeInvitation } from './write-invitation.ts';

/**
 * `behalf demo [--once]`: starts a provider, App, API, API2 and the proxy on loopback, walks the scenario, tells lies,
 * checks all of it, and then serves until a signal comes, or with `--once` ends.
 *
 * @returns the exit code: 1 where anything was not as expected
 * @throws BehalfError ERR_USAGE; ERR_DEMO_FAILED where a process cannot do its part
 */
export async function runDemo(args: readonly string[]): Promise<number> {
  if (args[0] === 'server') return await runServer(args.slice(1));
  const unexpected = args.find((arg) => arg !== '--once');
  if (unexpected !== undefined) throw new BehalfError('ERR_USAGE', `unexpected argument "${unexpected}"`);

  await using stack = new AsyncDisposableStack();
  const screen = createScreen((text) => process.stdout.write(text));
  let serving = false;

  async function play(): Promise<number> {
    screen.heading('Behalf: who calls, and on whose behalf');
    const stage = await setStage(stack, screen);
    const good = await Promise.race([walk(stage, screen), stage.died]);
    screen.heading(good ? 'All as expected.' : 'Not as expected: see the lines marked ✗.');
    if (!good || args.includes('--once')) return good ? 0 : 1;
    await keepCredentials(stage);
    for (const line of writeInvitation(stage)) screen.line(line);
    screen.line('Ctrl-C ends it all.');
    serving = true;
    return await stage.died;
  }
  async function interrupted(): Promise<number> {
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal));
    // A reader that has seen enough, such as `head`, is no error.
    await Promise.race([...signals, once(process.stdout, 'error')]);
    return serving ? 0 : 130;
  }
  return await Promise.race([interrupted(), play()]);
}
