import { setImmediate as nextTurn } from 'node:timers/promises';

/** How often each is looked at, in ticks. */
const ROUND = 10;
const TICK_MS = 1000;

export interface Rounds {
  /** Looks every 10 s, until the function is called that this gives. Where a look rejects, it is the last, and `cut` is told why. */
  join(look: () => Promise<unknown>, cut: (error: Error) => void): () => void;
}

interface Member {
  readonly look: () => Promise<unknown>;
  readonly cut: (error: Error) => void;
  /** The tick of the next look. */
  due: number;
}

/**
 * Looks again and again at whatever lasts. What ends before its first look costs an entry in a set: one timer serves all,
 * runs only while there is somebody, and keeps no process alive.
 */
export function openRounds(): Rounds {
  // Whose turn it is comes first.
  const members = new Set<Member>();
  let tick = 0;
  let timer: NodeJS.Timeout | null = null;

  const look = (member: Member): void => {
    member.look().catch((error) => {
      // Who left in the meantime has ended as they should.
      if (members.delete(member)) member.cut(error);
    });
  };

  const go = async (): Promise<void> => {
    tick += 1;
    if (members.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
    for (const member of members) {
      if (member.due > tick) return;
      members.delete(member);
      member.due = tick + ROUND;
      members.add(member);
      look(member);
      // Thousands may have begun together: requests go on between them.
      await nextTurn();
    }
  };

  return {
    join(looks, cut) {
      const member = { look: looks, cut, due: tick + ROUND };
      members.add(member);
      timer ??= setInterval(go, TICK_MS).unref();
      return () => members.delete(member);
    },
  };
}
