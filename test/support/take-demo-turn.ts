import { once } from 'node:events';
import { createServer } from 'node:net';
import { onTestFinished, vi } from 'vitest';

/** Who listens here has the turn, and loses it with its process. */
const TURN = 4450;

/** For a test with so much patience. */
export const DEMO_TIMEOUT = { timeout: 300_000 };

/**
 * Resolves when no other test has a demo, and keeps others waiting until this test has finished: a demo looks which of its
 * ports are free some time before it listens there, so two that start at once take the same ones.
 */
export async function takeDemoTurn(): Promise<void> {
  const listen = async () => {
    const server = createServer().listen(TURN, '127.0.0.1');
    await once(server, 'listening');
    return server;
  };
  const turn = await vi.waitFor(listen, { ...DEMO_TIMEOUT, interval: 100 });
  onTestFinished(() => void turn.close());
}
