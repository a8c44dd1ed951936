import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of loopback, says so as `startProcess` wants it, and ends the process when the bench is gone. */
export async function serveUntilDisconnected(server: Server): Promise<void> {
  process.once('disconnect', () => process.exit());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.stdout.write(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
}
