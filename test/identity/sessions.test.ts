import { afterEach, describe, expect, test, vi } from 'vitest';
import { claimsOf, makeIdentity } from './support/make-identity.ts';

const SID = `session-${'A'.repeat(22)}`;
afterEach(() => void vi.useRealTimers());

/** An assertion of a person with a session, carried `seconds` after it was signed, to a route with this `original_user_max_age`. */
async function carry(
  isLive: boolean | null,
  {
    seconds = 0,
    maxAge = null as number | null,
    sid = SID,
  }: { seconds?: number; maxAge?: number | null; sid?: string } = {},
): Promise<unknown> {
  const asked: string[] = [];
  await using world = await makeIdentity({
    isLiveSession(asks) {
      asked.push(asks);
      return isLive;
    },
  });
  const token = world.identity.signAssertion(claimsOf('alice', 'user', sid), null);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
  const outcome = await world.verifyAssertion(token, maxAge).then(
    ({ id, expired }) => ({ id, expired }),
    ({ code, reason }) => ({ code, reason }),
  );
  expect(asked).toEqual([sid]);
  return outcome;
}

const refused = (reason: string) => ({ code: 'ERR_ASSERTION_INVALID', reason });

describe('an assertion of a session', () => {
  const CASES: Record<string, [isLive: boolean | null, options: Parameters<typeof carry>[1], outcome: object]> = {
    'counts while the session lives': [true, {}, { id: 'alice', expired: false }],
    'is revoked with it': [false, {}, refused('revoked')],
    'counts where nobody knows of its sid': [null, {}, { id: 'alice', expired: false }],
    'ends with its own time': [true, { seconds: 310 }, refused('expired')],
    'may be carried longer while the session lives': [
      true,
      { seconds: 310, maxAge: 3600 },
      { id: 'alice', expired: true },
    ],
    'but not beyond that': [true, { seconds: 3610, maxAge: 3600 }, refused('expired')],
    'may not be carried longer without it': [false, { seconds: 310, maxAge: 3600 }, refused('expired')],
    'nor where nobody knows': [null, { seconds: 310, maxAge: 3600 }, refused('expired')],
  };
  test.each(Object.entries(CASES))('%s', async (_, [isLive, options, outcome]) => {
    expect(await carry(isLive, options)).toEqual(outcome);
  });

  test('is not judged where the sessions cannot be read', async () => {
    const unusable = Object.assign(new Error('no disk'), { code: 'ERR_STATE_UNUSABLE' });
    await using world = await makeIdentity({
      isLiveSession() {
        throw unusable;
      },
    });
    const token = world.identity.signAssertion(claimsOf('alice', 'user', SID), null);
    await expect(world.verifyAssertion(token)).rejects.toBe(unusable);
  });
});
