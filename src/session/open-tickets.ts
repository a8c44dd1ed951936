import { hash, randomBytes } from 'node:crypto';
import type { Database } from '../identity/open-database.ts';
import type { Sessions } from './session.ts';

/** How many old ones each new one takes away: they never become many, and none has to wait for it. */
const SWEPT = 8;

/** Things that can be done once, in whichever process: whoever deletes the row of a ticket has it. `now` in seconds since 1970. */
export function openTickets(
  { connection, use, change }: Database,
  now: () => number,
): Pick<Sessions, 'addTicket' | 'takeTicket'> {
  const { sweep, add, take } = use(() => ({
    sweep: connection.prepare(
      `DELETE FROM tickets WHERE hash IN (SELECT hash FROM tickets WHERE ends_at <= ? LIMIT ${SWEPT})`,
    ),
    add: connection.prepare('INSERT INTO tickets (hash, ends_at) VALUES (?, ?)'),
    take: connection.prepare('DELETE FROM tickets WHERE hash = ? AND ends_at > ?'),
  }));
  return {
    addTicket(seconds) {
      const ticket = randomBytes(24).toString('base64url');
      change(() => {
        sweep.run(now());
        add.run(hash('sha256', ticket), now() + seconds);
      });
      return ticket;
    },
    takeTicket: (ticket) => change(() => take.run(hash('sha256', ticket), now()).changes === 1),
  };
}
