import { describe, expect, test } from 'vitest';
import { openCookies } from '../../src/sign-in/cookies.ts';
import { listSurplusStates } from '../../src/sign-in/list-surplus-states.ts';
import { SETTINGS } from './support/raise-sign-in.ts';

const cookies = openCookies(SETTINGS);
const state = (name: string): string => `${cookies.statePrefix}${name}`;

/** @param sizes of the states' cookies, the oldest first */
const listOf = (sizes: readonly number[], bytes: number): readonly string[] => {
  const jar = new Map(sizes.map((size, index) => [state(`${index}`), 'x'.repeat(size - state('0').length)]));
  jar.set('__Host-_pomerium', 'session');
  const request = { cookieNames: () => [...jar.keys()], cookies: (name: string) => [jar.get(name) ?? ''] };
  return listSurplusStates(request, cookies, bytes);
};

describe('listSurplusStates', () => {
  test.each<[string, readonly number[], number, readonly string[]]>([
    ['none', [], 600, []],
    ['eleven and a new one', Array(11).fill(500), 500, []],
    ['twelve and a new one', Array(12).fill(500), 500, ['0']],
    ['many', Array(14).fill(500), 500, ['2', '1', '0']],
    ['large ones', [3300, 3300], 3300, ['0']],
    ['as much as there is room for', [3500], 3500, []],
    ['a byte more', [3501], 3500, ['0']],
  ])('%s', (_, sizes, bytes, surplus) => {
    expect(listOf(sizes, bytes)).toEqual(surplus.map(state));
  });
});
