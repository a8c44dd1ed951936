import { expect, test } from 'vitest';
import type { LoggedDecision } from '../../src/decision-log/logged-decision.ts';
import { openGroups } from '../../src/replay/open-groups.ts';
import { inputOf } from '../compile/input-of.ts';

const MEGABYTE = 2 ** 20;
const at = (time: string, request_id: string): LoggedDecision => ({
  time,
  request_id,
  route: null,
  input: inputOf('', {}),
  recorded: { headers: [], claims: [] },
  masked: [],
  decision: { allow: false, status: 404, reasons: [], request_headers: [], response_headers: [] },
});

test('decisions that share facts are one group, with its first and last time and an example', () => {
  const groups = openGroups<{ route: string }>();
  groups.add({ route: 'a' }, at('2026-01-02', 'r1'));
  groups.add({ route: 'a' }, at('2026-01-03', 'r2'));
  groups.add({ route: 'a' }, at('2026-01-01', 'r3'));
  expect(groups.list()).toEqual([
    { facts: { route: 'a' }, decisions: 3, first: '2026-01-01', last: '2026-01-03', request_id: 'r1' },
  ]);
});

const LONG: Record<string, (pad: string) => [facts: { route: string }, line: LoggedDecision]> = {
  facts: (pad) => [{ route: pad }, at('2026-01-01', 'r')],
  'request ids': (pad) => [{ route: pad.slice(-10) }, at('2026-01-01', pad)],
};
test.each(Object.entries(LONG))('what is kept is bounded, however long its %s are, and the rest counted', (_, make) => {
  const groups = openGroups<{ route: string }>();
  for (let round = 0; round < 20; round += 1) groups.add(...make(String(round).padStart(MEGABYTE)));
  groups.add(...make(String(0).padStart(MEGABYTE)));
  expect(groups.list()).toHaveLength(7);
  expect(groups.list()[0]?.decisions).toBe(2);
  expect({ total: groups.total(), ungrouped: groups.ungrouped() }).toEqual({ total: 21, ungrouped: 13 });
});
