import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openRounds } from '../../src/proxy/open-rounds.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);
const never = () => expect.unreachable('was cut');

test('looks every 10 s, from when each joined, and only until it leaves', async () => {
  const rounds = openRounds();
  const [early, late] = [vi.fn(async () => {}), vi.fn(async () => {})];
  const looks = () => [early.mock.calls.length, late.mock.calls.length];
  const leave = rounds.join(early, never);
  await pass(9_000);
  expect(looks()).toEqual([0, 0]);
  rounds.join(late, never);
  await pass(1_000);
  expect(looks()).toEqual([1, 0]);
  await pass(9_000);
  await vi.waitFor(() => expect(looks()).toEqual([1, 1]));
  await pass(1_000);
  await vi.waitFor(() => expect(looks()).toEqual([2, 1]));
  leave();
  await pass(20_000);
  await vi.waitFor(() => expect(looks()).toEqual([2, 3]));
});

test('has a timer only while there is somebody, one for all', async () => {
  const rounds = openRounds();
  expect(vi.getTimerCount()).toBe(0);
  const leaves = Array.from({ length: 100 }, () => rounds.join(async () => {}, never));
  expect(vi.getTimerCount()).toBe(1);
  for (const leave of leaves) leave();
  await pass(1_000);
  expect(vi.getTimerCount()).toBe(0);
  rounds.join(async () => {}, never);
  expect(vi.getTimerCount()).toBe(1);
});

test('cuts whose look rejects, once and with the reason, and nobody else', async () => {
  const rounds = openRounds();
  const error = new Error('revoked');
  const look = vi.fn(() => Promise.reject(error));
  const cut = vi.fn();
  const other = vi.fn(async () => {});
  rounds.join(look, cut);
  rounds.join(other, never);
  await pass(30_000);
  await vi.waitFor(() => expect(other).toHaveBeenCalledTimes(3));
  expect(look).toHaveBeenCalledOnce();
  expect(cut.mock.calls).toEqual([[error]]);
});

test('cuts nobody who left while they were looked at', async () => {
  const rounds = openRounds();
  const { promise, reject } = Promise.withResolvers<void>();
  const look = vi.fn(() => promise);
  const leave = rounds.join(look, never);
  await pass(10_000);
  expect(look).toHaveBeenCalledOnce();
  leave();
  reject(new Error('too late'));
  await pass(10_000);
});

test('one whose look takes for ever keeps nobody waiting, and is looked at again', async () => {
  const rounds = openRounds();
  const endless = vi.fn(() => new Promise(() => {}));
  const other = vi.fn(async () => {});
  rounds.join(endless, never);
  rounds.join(other, never);
  await pass(20_000);
  await vi.waitFor(() => expect([endless, other].map(({ mock }) => mock.calls.length)).toEqual([2, 2]));
});

test('of a thousand that began together, others have their turn between the looks', async () => {
  const rounds = openRounds();
  const order: string[] = [];
  for (let i = 0; i < 1000; i += 1) {
    rounds.join(() => {
      order.push('look');
      if (i === 0) setImmediate(() => order.push('other'));
      return Promise.resolve();
    }, never);
  }
  await pass(10_000);
  await vi.waitFor(() => expect(order).toHaveLength(1001));
  expect(order.indexOf('other')).toBeLessThan(10);
});
