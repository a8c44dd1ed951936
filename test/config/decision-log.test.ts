import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import { writeProblem } from '../../src/errors.ts';
import { problemsOf } from './problems-of.ts';

const load = (...lines: string[]) =>
  parseConfig(['insecure_server: true', 'routes: []', ...lines, ''].join('\n'), '/etc/b.yaml');

const DEFAULTS = { path: '/etc/d.jsonl', maxBytes: 64 * 2 ** 20, keep: 4, headers: [], claims: [] };

const taken: Record<string, [lines: string[], settings: object | null]> = {
  nothing: [[], null],
  'a path beside the configuration': [['decision_log: d.jsonl'], DEFAULTS],
  'an absolute path': [['decision_log: /var/d.jsonl'], { ...DEFAULTS, path: '/var/d.jsonl' }],
  'the least': [
    ['decision_log: d.jsonl', 'decision_log_max_size: 1MiB', 'decision_log_keep: 0'],
    { ...DEFAULTS, maxBytes: 2 ** 20, keep: 0 },
  ],
  'the most': [
    ['decision_log: d.jsonl', 'decision_log_max_size: 1024GiB', 'decision_log_keep: 1000'],
    { ...DEFAULTS, maxBytes: 2 ** 40, keep: 1000 },
  ],
  'kibibytes, headers and claims': [
    [
      'decision_log: d.jsonl',
      'decision_log_max_size: 2048KiB',
      'decision_log_headers: [X-Tenant]',
      'decision_log_claims: [Dept]',
    ],
    { ...DEFAULTS, maxBytes: 2 ** 21, headers: ['x-tenant'], claims: ['Dept'] },
  ],
};
test.each(Object.entries(taken))('%s', (_, [lines, settings]) => {
  const { config, warnings } = load(...lines);
  expect(config.decisionLog).toEqual(settings);
  expect(warnings).toEqual([]);
});

const SIZE = '"decision_log_max_size" must be a size from 1MiB to 1024GiB, in KiB, MiB or GiB; found';
const KEEP = '"decision_log_keep" must be a number from 0 to 1000; found';
const refused: Record<string, [line: string, problem: string]> = {
  'an empty path': ['decision_log: ""', '3:15: "decision_log" must be a string that is not empty; found the string ""'],
  'a size without a unit': ['decision_log_max_size: 1048576', `3:24: ${SIZE} the number 1048576`],
  'a size in other units': ['decision_log_max_size: 64MB', `3:24: ${SIZE} the string "64MB"`],
  'a size that is too small': ['decision_log_max_size: 1023KiB', `3:24: ${SIZE} the string "1023KiB"`],
  'a size that is too large': ['decision_log_max_size: 1025GiB', `3:24: ${SIZE} the string "1025GiB"`],
  'fewer than none': ['decision_log_keep: -1', `3:20: ${KEEP} the number -1`],
  'too many': ['decision_log_keep: 1001', `3:20: ${KEEP} the number 1001`],
  cookies: [
    'decision_log_headers: [Cookie]',
    '3:24: "decision_log_headers" must not name "cookie": it is never recorded',
  ],
  credentials: [
    'decision_log_headers: [x, AUTHORIZATION]',
    '3:27: "decision_log_headers" must not name "authorization": it is never recorded',
  ],
  'an assertion': [
    'decision_log_headers: [X_Pomerium_Jwt_Assertion]',
    '3:24: "decision_log_headers" must not name "X_Pomerium_Jwt_Assertion", which is the proxy\'s own; "pass_identity_headers" says whether upstreams get it',
  ],
};
test.each(Object.entries(refused))('refused: %s', (_, [line, problem]) => {
  const written = line.startsWith('decision_log:') ? [line] : [line, 'decision_log: d.jsonl'];
  expect(problemsOf(() => load(...written))).toEqual([`/etc/b.yaml:${problem}`]);
});

test('what does nothing without a file is warned about', () => {
  const { warnings } = load('decision_log_keep: 1', 'decision_log_claims: [a]');
  expect(warnings.map(writeProblem)).toEqual([
    '/etc/b.yaml:3:1: warning: this does nothing without "decision_log"',
    '/etc/b.yaml:4:1: warning: this does nothing without "decision_log"',
  ]);
});
