import { beforeAll, describe, expect, test } from 'vitest';
import { parseConfig } from '../../src/config/parse-config.ts';
import type { Explainer } from '../../src/explain/create-explainer.ts';
import { openExplainer } from '../../src/explain/open-explainer.ts';
import type { Paint } from '../../src/explain/paint.ts';
import { writeExplanation } from '../../src/explain/write-explanation.ts';
import { type Facts, inputOf } from '../compile/input-of.ts';

const CONFIG = `address: :0
insecure_server: true
set_response_headers: { X-Team: blue }
routes:
  - name: App
    from: http://app.localhost
    to: http://127.0.0.1:9
    pass_identity_headers: true
    policy:
      allow:
        or:
          - domain: { is: x.com }
          - email: b@y.com
          - email: c@y.com
      deny:
        or:
          - http_path: { starts_with: /admin }
  - name: Crowd
    from: http://crowd.localhost
    to: http://127.0.0.1:9
    policy:
      allow:
        or: [${Array.from({ length: 50 }, (_, at) => `{ email: p${at}@x.com }`).join(', ')}]
  - name: Office
    from: http://office.localhost
    to: http://127.0.0.1:9
    policy:
      allow:
        and:
          - time_of_day: { before: "18:00", timezone: europe/berlin }
          - day_of_week: { is: mon-fri, timezone: Asia/Tokyo }
          - day_of_week: mon-fri
          - date: { after: 2026-01-01, timezone: Europe/Berlin }
          - date: { after: 2026-01-01 }
          - email: b@y.com
`;

let explainer: Explainer;
beforeAll(async () => {
  explainer = await openExplainer(parseConfig(CONFIG, 'behalf.yaml').config);
});

function write(facts: Facts, paint?: Paint, route = 'r0'): string {
  const input = inputOf(route, facts);
  return writeExplanation(explainer.explain(input), input, paint);
}

describe('writeExplanation', () => {
  test('a refusal', () => {
    expect(write({ caller: { id: 'ada', email: 'ada@z.com' }, request: { path: '/admin' } })).toBe(
      `GET https://app.example.com/admin
  caller       user "ada", "ada@z.com"
  route        App  behalf.yaml:5:5

refused with 403  http-path-ok
step 4: the deny side is true

allow false
└─ false or  behalf.yaml:11:9
   ├─ false domain is "x.com"  found "ada@z.com"  domain-unauthorized  behalf.yaml:12:13
   ├─ false email: "b@y.com"  found "ada@z.com"  email-unauthorized  behalf.yaml:13:13
   └─ false email: "c@y.com"  found "ada@z.com"  email-unauthorized  behalf.yaml:14:13

deny true
└─ true or  behalf.yaml:16:9
   └─ true http_path starts_with "/admin"  found "/admin"  http-path-ok  behalf.yaml:17:13

it would be allowed if one of these changed
├─ both of
│  ├─ domain is "x.com" → true  behalf.yaml:12:13
│  └─ http_path starts_with "/admin" → false  behalf.yaml:17:13
└─ both of
   ├─ one of these 2
   │  ├─ email: "b@y.com" → true  behalf.yaml:13:13
   │  └─ email: "c@y.com" → true  behalf.yaml:14:13
   └─ http_path starts_with "/admin" → false  behalf.yaml:17:13
`,
    );
  });

  test('an allow, with what is signed and what the configuration sets', () => {
    const text = write({ caller: { id: 'ada', email: 'ada@x.com' } });
    expect(text).toContain('allowed  domain-ok\nstep 6: the allow side is true, and the deny side is not\n');
    expect(text).toContain('├─ remove x-pomerium-jwt-assertion\n');
    expect(text).toMatch(/─ sign x-pomerium-jwt-assertion\n(?: {3}[├└]─ .*\n)* {3}[├└]─ email "ada@x.com"\n/);
    expect(text).toContain('response headers\n└─ set x-team: (as the configuration has it)\n');
    expect(text).toContain('it would be refused if one of these changed\n');
    expect(text).not.toContain('blue');
  });

  test('nobody, and what no part of the policy can change', () => {
    const text = write({});
    expect(text).toContain('caller       nobody\n');
    expect(text).toContain('└─ somebody would have to be signed in, of whom the policy may then say anything\n');
  });

  test('a time is one of the zone that the criterion compares it in', () => {
    const time_ns = Date.UTC(2026, 0, 30, 17, 30) * 1e6;
    const text = write({ caller: { id: 'ada', email: 'ada@z.com' }, time_ns }, undefined, 'r2');
    expect(text.match(/(?:true|false) (?:time|day|date|email).* found "[^"]*"/g)).toEqual([
      'false time_of_day before "18:00", timezone "europe/berlin"  found "18:30:00 Europe/Berlin"',
      'false day_of_week is "mon-fri", timezone "Asia/Tokyo"  found "Saturday 02:30:00 Asia/Tokyo"',
      'true day_of_week: "mon-fri"  found "Friday 17:30:00 UTC"',
      'true date after "2026-01-01", timezone "Europe/Berlin"  found "2026-01-30T18:30:00+01:00 Europe/Berlin"',
      'true date after "2026-01-01"  found "2026-01-30T17:30:00+00:00 UTC"',
      'false email: "b@y.com"  found "ada@z.com"',
    ]);
  });

  test('on whose behalf', () => {
    const caller = { type: 'service_account', id: 'api' } as const;
    expect(write({ caller, original_user: { id: 'o1', email: 'o@x.com' } })).toContain(
      'caller       service account "api"\n  on behalf of user "o1", "o@x.com"\n',
    );
    expect(write({ caller, original_user_error: 'expired' })).toContain('on behalf of nobody: expired\n');
  });

  test('of a crowd some are shown', () => {
    const text = write({ caller: { id: 'ada', email: 'ada@z.com' } }, undefined, 'r1');
    expect(text).toContain('p19@x.com');
    expect(text).not.toContain('p20@x.com');
    expect(text).toContain('└─ and 30 more like these\n');
    expect(text).toContain('one of these 50\n');
    expect(text).toContain('and 45 more\n');
  });

  test('no value of a request moves the cursor or forges a line', () => {
    const hostile = `a\r\nb\u001b[2J\u009b\u202e"${'x'.repeat(500)}`;
    const request = { method: hostile, host: hostile, path: `/${hostile}` };
    const text = write({ caller: { id: hostile, email: hostile }, request });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain('found "a\\r\\nb\\u001b[2J\\u009b\\u202e\\"xxx');
    expect(text).not.toContain('\nb');
    expect(
      text
        .split('\n')
        .filter((line) => line.includes('found'))
        .every((line) => line.length < 300),
    ).toBe(true);
  });

  test('styles are the caller’s', () => {
    expect(write({}, (style, text) => `<${style} ${text}>`)).toContain(
      '<red refused with 401>  user-unauthenticated\n',
    );
  });
});
