import { isDeepStrictEqual } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import type { Case } from './cases.ts';
import { ON_PURPOSE } from './differences.ts';

/**
 * Tests each case, and prints how many come out as in Pomerium, and how many otherwise on purpose.
 *
 * @param findDifference null where a case comes out as in Pomerium, else in what it does not
 */
export function judgeCases<Judged extends Case>(
  title: string,
  cases: readonly Judged[],
  findDifference: (each: Judged) => Promise<string | null> | string | null,
): void {
  const count = { same: 0, onPurpose: 0 };

  test.each(cases)('$id', async (each) => {
    const difference = await findDifference(each);
    if (ON_PURPOSE[each.id] !== undefined) {
      expect(difference, 'comes out as in Pomerium after all: take it off the list').not.toBeNull();
      count.onPurpose += 1;
    } else {
      expect(difference).toBeNull();
      count.same += 1;
    }
  });

  afterAll(() => {
    const { same, onPurpose } = count;
    console.log(`conformance, ${title}: ${same} as in Pomerium, ${onPurpose} otherwise on purpose`);
  });
}

/** Null where both are the same. */
export function compare(actual: unknown, expected: unknown): string | null {
  return isDeepStrictEqual(actual, expected) ? null : `${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`;
}
