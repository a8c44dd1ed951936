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
 * Looks again and again at whatever lasts. What ends before its first look costs a place in a list: one timer serves all,
 * runs only while there is somebody, and keeps no process alive.
 */
export function openRounds(): Rounds {
  // Places are taken again. A Set that thousands pass through each second is laid out anew all the time, and what it leaves
  // behind makes the garbage collector keep requests that have ended: a third more CPU for each, and twice the p99.
  const members: (Member | null)[] = [];
  const free: number[] = [];
  let tick = 0;
  let timer: NodeJS.Timeout | null = null;

  const leave = (place: number, member: Member): boolean => {
    if (members[place] !== member) return false;
    members[place] = null;
    free.push(place);
    return true;
  };

  const go = async (): Promise<void> => {
    tick += 1;
    if (free.length === members.length && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
    for (const [place, member] of members.entries()) {
      if (member === null || member.due > tick) continue;
      member.due = tick + ROUND;
      member.look().catch((error) => {
        // Who left in the meantime has ended as they should.
        if (leave(place, member)) member.cut(error);
      });
      // Thousands may have begun together: requests go on between them.
      await nextTurn();
    }
  };

  return {
    join(look, cut) {
      const member = { look, cut, due: tick + ROUND };
      const place = free.pop() ?? members.length;
      members[place] = member;
      timer ??= setInterval(go, TICK_MS).unref();
      return () => leave(place, member);
    },
  };
}
