import { describe, expect, test } from 'vitest';
import { writeRego } from '../../src/compile/write-rego.ts';
import { parsePolicyText } from '../../src/config/parse-policy-text.ts';
import { BehalfError, type Problem } from '../../src/errors.ts';
import { configOf } from './config-of.ts';

/** The line of Rego for a criterion that stands alone under `allow: and:`. */
function writeOne(criterion: string): string | undefined {
  const { modules } = writeRego(configOf({ r0: parsePolicyText(`allow:\n  and:\n    - ${criterion}\n`, 'p.yaml') }));
  return /^\t\t(.*),$/m.exec(Object.values(modules).join(''))?.[1];
}

describe('each criterion is a call of the library', () => {
  test.each(
    Object.entries({
      'accept: true': 'criteria.accept',
      'reject: true': 'criteria.reject',
      'authenticated_user: true': 'criteria.authenticated_user',
      'cors_preflight: true': 'criteria.cors_preflight',
      'invalid_client_certificate: true': 'criteria.invalid_client_certificate',
      'user: api-access': 'criteria.user({"is": "api-access"})',
      'email: a@x.com': 'criteria.email({"is": "a@x.com"})',
      'domain: x.com': 'criteria.domain({"is": "x.com"})',
      'groups: admins': 'criteria.groups({"has": "admins"})',
      'claim/role: admin': 'criteria.claim("role", {"has": "admin"})',
      'claim/NAME: admin': 'criteria.claim("NAME", {"has": "admin"})',
      'claim/https://example.com/Roles: admin': 'criteria.claim("https://example.com/Roles", {"has": "admin"})',
      'claim/Family_Name: Smith': 'criteria.claim("Family_Name", {"has": "Smith"})',
      'http_method: GET': 'criteria.http_method({"is": "GET"})',
      'http_path: /a': 'criteria.http_path({"is": "/a"})',
      'original_user/email: a@x.com': 'criteria.original_user_email({"is": "a@x.com"})',
      'original_user/domain: x.com': 'criteria.original_user_domain({"is": "x.com"})',
      'original_user/user: u1': 'criteria.original_user_user({"is": "u1"})',
      'original_user: true': 'criteria.original_user',
      'original_user/type: user': 'criteria.original_user_type({"is": "user"})',
      'original_user/groups: admins': 'criteria.original_user_groups({"has": "admins"})',
      'original_user/claim/role: admin': 'criteria.original_user_claim("role", {"has": "admin"})',
      'original_user/issuer: app.example.com': 'criteria.original_user_issuer({"is": "app.example.com"})',
      'caller_type: {is: service_account}': 'criteria.caller_type({"is": "service_account"})',
      'source_ip: 10.0.0.0/8': 'criteria.source_ip(["10.0.0.0/8"])',
      'client_certificate: {san_dns: {ends_with: .x.com}, san_uri: a:b}':
        'criteria.client_certificate({"san_dns": {"ends_with": ".x.com"}, "san_uri": {"is": "a:b"}})',
      'date: {after: 2020-01-02T16:20:00}': 'criteria.date({"after": 1577982000000000000})',
      'day_of_week: mon': 'criteria.day_of_week({"is": ["Monday"], "timezone": "UTC"})',
      'time_of_day: {timezone: UTC, after: 2:20:00, before: 4:30PM}':
        'criteria.time_of_day({"timezone": "UTC", "after": "02:20:00", "before": "16:30:00"})',
    }),
  )('%s', (criterion, call) => expect(writeOne(criterion)).toBe(call));
});

describe('each operator is a key of the matcher', () => {
  test.each(
    Object.entries({
      'email: {is: a}': '{"is": "a"}',
      'email: {not: a}': '{"not": "a"}',
      'email: {contains: a}': '{"contains": "a"}',
      'email: {starts_with: a}': '{"starts_with": "a"}',
      'email: {ends_with: a}': '{"ends_with": "a"}',
      'email: {in: [a, b]}': '{"in": ["a", "b"]}',
      'email: {in: []}': '{"in": []}',
      'email: {not_in: [a]}': '{"not_in": ["a"]}',
      'email: {starts_with: a, ends_with: b}': '{"starts_with": "a", "ends_with": "b"}',
      'groups: {has: a}': '{"has": "a"}',
      'groups: {is: a}': '{"is": "a"}',
      'groups: {exclude: a}': '{"exclude": "a"}',
      'email: ""': '{"is": ""}',
    }),
  )('%s', (criterion, matcher) => expect(writeOne(criterion)).toContain(`(${matcher})`));
});

describe('addresses have one spelling, and IPv4 in IPv6 is IPv4', () => {
  test.each(
    Object.entries({
      '1.2.3.4': '"1.2.3.4/32"',
      '[1.2.3.4, 10.1.0.0/16]': '"1.2.3.4/32", "10.1.0.0/16"',
      '10.1.2.3/8': '"10.1.2.3/8"',
      '0.0.0.0/0': '"0.0.0.0/0"',
      '"2001:DB8:0:0::1"': '"2001:db8::1/128"',
      '"2001:db8::/32"': '"2001:db8::/32"',
      '"::/0"': '"::/0"',
      '"::ffff:10.1.2.3"': '"10.1.2.3/32"',
      '"::FFFF:a01:203"': '"10.1.2.3/32"',
      '"::ffff:10.0.0.0/104"': '"10.0.0.0/8"',
      '"::ffff:0:0/96"': '"0.0.0.0/0"',
      // Begins before the mapped addresses: a range of IPv6.
      '"::ffff:0:0/95"': '"::ffff:0:0/95"',
    }),
  )('%s', (addresses, ranges) => expect(writeOne(`source_ip: ${addresses}`)).toBe(`criteria.source_ip([${ranges}])`));
});

describe('fingerprints have one spelling', () => {
  const fingerprint = '17859273e8a980631d367b2d5a6a6635412b0f22835f69e47b3f65624546a704';
  const long = fingerprint.toUpperCase().replace(/..(?=.)/g, '$&:');
  const hash = 'FsDbM0rUYIiL3V339eIKqiz6HPSB+Pz2WeAWhqlqh8U=';
  test.each(
    Object.entries({
      [`{fingerprint: ${fingerprint}}`]: `{"fingerprint": ["${fingerprint}"]}`,
      [`{fingerprint: "${long}"}`]: `{"fingerprint": ["${fingerprint}"]}`,
      [`{spki_hash: [${hash}], fingerprint: ["${long}"]}`]: `{"spki_hash": ["${hash}"], "fingerprint": ["${fingerprint}"]}`,
    }),
  )('%s', (data, matcher) =>
    expect(writeOne(`client_certificate: ${data}`)).toBe(`criteria.client_certificate(${matcher})`),
  );
});

describe('a date is a moment', () => {
  test.each(
    Object.entries({
      '{after: 2020-01-02}': '{"after": 1577923200000000000}',
      '{before: 1969-12-31T23:59:59Z}': '{"before": -1000000000}',
      '{before: 9999-12-31T23:59:59.999999999Z}': '{"before": 253402300799999999999}',
      '{after: 2020-01-02T16:20+01:00}': '{"after": 1577978400000000000}',
      '{after: 2020-07-02T16:20:00.5, timezone: Europe/Berlin}':
        '{"after": 1593699600500000000, "timezone": "Europe/Berlin"}',
      // The clocks of New York show it twice, but at one of the two with this offset.
      '{after: "2024-11-03T01:30:00-05:00", timezone: america/new_york}':
        '{"after": 1730615400000000000, "timezone": "America/New_York"}',
      '{after: 2020-01-01, before: 2020-01-02}': '{"after": 1577836800000000000, "before": 1577923200000000000}',
    }),
  )('%s', (data, matcher) => expect(writeOne(`date: ${data}`)).toBe(`criteria.date(${matcher})`));
});

describe('days have their English names, and a range may go over the end of the week', () => {
  test.each(
    Object.entries({
      '"*"': '"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"',
      'tue-fri': '"Tuesday", "Wednesday", "Thursday", "Friday"',
      'mon,wed,fri': '"Monday", "Wednesday", "Friday"',
      'sat-mon': '"Monday", "Saturday", "Sunday"',
      'Friday - SUNDAY, tuesday': '"Tuesday", "Friday", "Saturday", "Sunday"',
      'sun-sun': '"Sunday"',
    }),
  )('%s', (days, names) => {
    expect(writeOne(`day_of_week: ${days}`)).toBe(`criteria.day_of_week({"is": [${names}], "timezone": "UTC"})`);
    expect(writeOne(`day_of_week: {timezone: asia/tokyo, is: ${days.includes(',') ? `"${days}"` : days}}`)).toBe(
      `criteria.day_of_week({"timezone": "Asia/Tokyo", "is": [${names}]})`,
    );
    expect(writeOne(`day_of_week: {is: ${days.includes(',') ? `"${days}"` : days}}`)).toBe(
      `criteria.day_of_week({"is": [${names}], "timezone": "UTC"})`,
    );
  });
});

describe('a time of day is read in each of its forms', () => {
  test.each(
    Object.entries({
      '3:04 PM': '15:04:00',
      '3:04PM': '15:04:00',
      '3 PM': '15:00:00',
      '12am': '00:00:00',
      '12:30 pm': '12:30:00',
      '15:04:05.999999999': '15:04:05.999999999',
      '15:04:05.500': '15:04:05.5',
      '15:04:05.000': '15:04:05',
      '9:04': '09:04:00',
      '23:59:59': '23:59:59',
    }),
  )('%s', (written, time) =>
    expect(writeOne(`time_of_day: {timezone: UTC, after: "${written}"}`)).toBe(
      `criteria.time_of_day({"timezone": "UTC", "after": "${time}"})`,
    ),
  );

  test('and a range may go over midnight', () => {
    expect(writeOne('time_of_day: {timezone: UTC, after: 22:00, before: 6:00}')).toBe(
      'criteria.time_of_day({"timezone": "UTC", "after": "22:00:00", "before": "06:00:00"})',
    );
  });
});

describe('scalars keep their type', () => {
  test.each(
    Object.entries({
      'claim/level: 5': '5',
      'claim/level: "5"': '"5"',
      'claim/level: -0.5': '-0.5',
      'claim/level: true': 'true',
      'claim/level: {has: null}': 'null',
    }),
  )('%s', (criterion, value) => expect(writeOne(criterion)).toBe(`criteria.claim("level", {"has": ${value}})`));
});

describe('what follows a criterion without data is ignored', () => {
  test.each(['accept:', 'accept: false', 'accept: {}', 'accept: [a, {b: c}]', 'accept: "\\uD800"'])('%s', (criterion) =>
    expect(writeOne(criterion)).toBe('criteria.accept'),
  );
});

/** Columns count from 1; the criterion's key is at 3:7. */
describe('a wrong criterion is refused where it is wrong, with an allowed twin', () => {
  test.each(
    Object.entries({
      'emial: a': ['3:7: unknown policy criterion "emial": did you mean "email"?', 'email: a'],
      'clam/role: a': ['3:7: unknown policy criterion "clam/role": did you mean "claim/role"?', 'claim/role: a'],
      'original_user/mail: a': [
        '3:7: unknown policy criterion "original_user/mail": did you mean "original_user/email"?',
        'original_user/email: a',
      ],
      'xyzzy: a': ['3:7: unknown policy criterion "xyzzy"', 'user: a'],
      'or: [{user: a}]': [
        '3:7: "or" is no policy criterion, and blocks do not nest: write a rule for each alternative, with all that must hold for it in "and": rules are alternatives',
        'user: a',
      ],
      'not: [{user: a}]': [
        '3:7: "not" is no policy criterion, and blocks do not nest: write a matcher such as "groups: {exclude: NAME}", or a rule with "deny"',
        'user: {not: a}',
      ],
      'toString: a': ['3:7: unknown policy criterion "toString"', 'user: a'],
      'Email: a': ['3:7: unknown policy criterion "Email": did you mean "email"?', 'email: a'],
      '"": a': ['3:7: unknown policy criterion ""', 'user: a'],
      'email/work: a': ['3:7: policy criterion "email" takes nothing after a slash', 'email: a'],
      'accept/: true': ['3:7: policy criterion "accept" takes nothing after a slash', 'accept: true'],
      'claim: a': ['3:7: policy criterion "claim" must have a name, as in "claim/NAME"', 'claim/role: a'],
      'claim/: a': ['3:7: policy criterion "claim" must have a name, as in "claim/NAME"', 'claim//: a'],
      'original_user/clam/role: a': [
        '3:7: unknown policy criterion "original_user/clam/role": did you mean "original_user/claim/role"?',
        'original_user/claim/role: a',
      ],
      'original_user/claim: a': [
        '3:7: policy criterion "original_user/claim" must have a name, as in "original_user/claim/NAME"',
        'original_user/claim/role: a',
      ],
      'source_ip: [10.0.0.1, localhost]': [
        '3:29: "source_ip" must be an IP address, or a range such as 10.0.0.0/8; found the string "localhost"',
        'source_ip: [10.0.0.1, 127.0.0.1]',
      ],
      'source_ip: {is: 10.0.0.1}': [
        '3:18: "source_ip" must be an IP address, or a range such as 10.0.0.0/8; found a map',
        'source_ip: 10.0.0.1',
      ],
      'source_ip: []': ['3:18: "source_ip" must name at least one: it is empty', 'source_ip: ["::1"]'],
      'source_ip: 10.0.0.0/33': [
        '3:18: "source_ip" must be an IP address, or a range such as 10.0.0.0/8; found the string "10.0.0.0/33"',
        'source_ip: 10.0.0.0/32',
      ],
      'source_ip: 010.0.0.1': [
        '3:18: "source_ip" must be an IP address, or a range such as 10.0.0.0/8; found the string "010.0.0.1"',
        'source_ip: 10.0.0.1',
      ],
      'source_ip: "fe80::1%eth0"': [
        '3:18: "source_ip" must be an IP address, or a range such as 10.0.0.0/8; found the string "fe80::1%eth0"',
        'source_ip: "fe80::1"',
      ],
      'client_certificate: x': [
        '3:27: "client_certificate" must be a map, as in "fingerprint: ..."; found the string "x"',
        'client_certificate: {san_dns: x}',
      ],
      'client_certificate: {}': [
        '3:27: empty matcher: give "client_certificate" at least one of fingerprint, spki_hash, san_dns, san_email, san_uri',
        'client_certificate: {san_dns: x}',
      ],
      'client_certificate: {san_ip: 10.0.0.1}': [
        '3:28: unknown operator "san_ip" of "client_certificate": known are fingerprint, spki_hash, san_dns, san_email, san_uri',
        'client_certificate: {san_uri: "x:y"}',
      ],
      'client_certificate: {fingerprint: ab}': [
        '3:41: "fingerprint" must be a SHA-256 fingerprint: 64 digits from 0 to f, or 32 pairs of digits from 0 to F with ":" between them; found the string "ab"',
        `client_certificate: {fingerprint: ${'ab'.repeat(32)}}`,
      ],
      [`client_certificate: {spki_hash: ${'A'.repeat(42)}B=}`]: [
        `3:39: "spki_hash" must be a SHA-256 in standard base64, 44 characters long; found a string`,
        `client_certificate: {spki_hash: ${'A'.repeat(43)}=}`,
      ],
      'date: 2020-01-02': [
        '3:13: "date" must be a map with "after", "before" or both; found the string "2020-01-02"',
        'date: {after: 2020-01-02}',
      ],
      'date: {timezone: UTC}': ['3:13: "date" must have "after", "before" or both', 'date: {before: 2020-01-02}'],
      'date: {after: 2020-02-30}': [
        '3:21: "after" must be a date such as 2030-01-31 or 2030-01-31T18:00:00; found the string "2020-02-30"',
        'date: {after: 2020-02-29}',
      ],
      'date: {after: 2020}': [
        '3:21: "after" must be a date such as 2030-01-31 or 2030-01-31T18:00:00; found the number 2020',
        'date: {after: 2020-01-01}',
      ],
      'date: {after: 2020-01-02, before: 2020-01-01}': [
        '3:13: "date" never holds: no time is after its "after" and before its "before"',
        'date: {after: 2020-01-01, before: 2020-01-02}',
      ],
      'date: {after: 2024-11-03T01:30:00, timezone: America/New_York}': [
        '3:21: "after" is a time that America/New_York has twice or never: add its offset, as in +01:00',
        'date: {after: "2024-11-03T01:30:00-04:00", timezone: America/New_York}',
      ],
      'date: {after: 2024-03-10T02:30:00, timezone: America/New_York}': [
        '3:21: "after" is a time that America/New_York has twice or never: add its offset, as in +01:00',
        'date: {after: 2024-03-10T03:30:00, timezone: America/New_York}',
      ],
      'date: {after: 2020-01-01, timezone: Mars/Olympus}': [
        '3:43: "timezone" must be the IANA name of a time zone, such as Europe/Berlin or UTC; found the string "Mars/Olympus"',
        'date: {after: 2020-01-01, timezone: Brazil/East}',
      ],
      'date: {after: 2020-01-01, timezone: "+01:00"}': [
        '3:43: "timezone" must be the IANA name of a time zone, such as Europe/Berlin or UTC; found the string "+01:00"',
        'date: {after: 2020-01-01, timezone: Etc/GMT-1}',
      ],
      'date: {since: 2020-01-01}': [
        '3:14: unknown operator "since" of "date": known are after, before, timezone',
        'date: {after: 2020-01-01}',
      ],
      'day_of_week: {timezone: UTC}': ['3:20: "day_of_week" must have "is" with its days', 'day_of_week: mon'],
      'day_of_week: mon-fri-sun': [
        '3:20: "day_of_week" must be days such as mon-fri, "sat,sun" or "*"; found the string "mon-fri-sun"',
        'day_of_week: mon-sun',
      ],
      'day_of_week: [mon, fri]': [
        '3:20: "day_of_week" must be days such as mon-fri, "sat,sun" or "*"; found a list',
        'day_of_week: mon,fri',
      ],
      'day_of_week: {is: mo}': [
        '3:25: "is" must be days such as mon-fri, "sat,sun" or "*"; found the string "mo"',
        'day_of_week: {is: mon}',
      ],
      'time_of_day: {after: 17:00}': [
        '3:20: "time_of_day" must have a "timezone", such as Europe/Berlin or UTC',
        'time_of_day: {after: 17:00, timezone: UTC}',
      ],
      'time_of_day: {timezone: UTC, after: 24:00}': [
        '3:43: "after" must be a time of day such as 17:00, 17:00:30 or 5:00 PM; found the string "24:00"',
        'time_of_day: {timezone: UTC, after: 23:59:59}',
      ],
      'time_of_day: {timezone: UTC, after: 13 PM}': [
        '3:43: "after" must be a time of day such as 17:00, 17:00:30 or 5:00 PM; found the string "13 PM"',
        'time_of_day: {timezone: UTC, after: 12 PM}',
      ],
      'time_of_day: {timezone: UTC, after: 17}': [
        '3:43: "after" must be a time of day such as 17:00, 17:00:30 or 5:00 PM; found the number 17',
        'time_of_day: {timezone: UTC, after: 5PM}',
      ],
      'time_of_day: {timezone: UTC, after: 5PM, before: 17:00}': [
        '3:20: "time_of_day" never holds: no time is after its "after" and before its "before"',
        'time_of_day: {timezone: UTC, after: 5PM, before: 4PM}',
      ],
      'email: {}': [
        '3:14: empty matcher: give "email" at least one of is, not, contains, starts_with, ends_with, in, not_in',
        'email: {is: a}',
      ],
      'claim/role: {}': ['3:19: empty matcher: give "claim/role" at least one of has, is, exclude', 'claim/role: a'],
      'email:': ['3:13: "email" must have a value or a matcher', 'email: ""'],
      'email: [a, b]': [
        '3:14: "email" takes a matcher, not a list: use "in:" to match any of them',
        'email: {in: [a, b]}',
      ],
      'groups: [a]': [
        '3:15: "groups" takes a matcher, not a list: write a criterion for each value; in an "or" block any of them will do, in an "and" block all must hold; for any of them beside other criteria of an "and", write a rule for each value, as rules are alternatives',
        'groups: a',
      ],
      'email: {is: [a]}': [
        '3:19: "is" must be a single value; found a list: use "in:" to match any of them',
        'email: {in: [a]}',
      ],
      'groups: {has: {a: b}}': ['3:21: "has" must be a single value; found a map', 'groups: {has: a}'],
      'email: {regex: .*}': [
        '3:15: unknown operator "regex" of "email": known are is, not, contains, starts_with, ends_with, in, not_in',
        'email: {contains: .}',
      ],
      'email: {endsWith: a}': [
        '3:15: unknown operator "endsWith" of "email": did you mean "ends_with"?',
        'email: {ends_with: a}',
      ],
      'email: {__proto__: a}': [
        '3:15: unknown operator "__proto__" of "email": known are is, not, contains, starts_with, ends_with, in, not_in',
        'email: {is: a}',
      ],
      'claim/role: {contains: a}': [
        '3:20: unknown operator "contains" of "claim/role": known are has, is, exclude',
        'claim/role: {has: a}',
      ],
      'email: {in: a}': ['3:19: "in" must be a list; found the string "a"', 'email: {in: [a]}'],
      'email: {not_in: {a: b}}': ['3:23: "not_in" must be a list; found a map', 'email: {not_in: [a]}'],
      'email: {in: [a, {b: c}]}': ['3:23: "in" must be a single value; found a map', 'email: {in: [a, b]}'],
      'email: {contains: 5}': ['3:25: "contains" must be text; found the number 5', 'email: {contains: "5"}'],
      'email: {starts_with: null}': ['3:28: "starts_with" must be text; found nothing', 'email: {starts_with: "null"}'],
      'email: "\\uD800"': ['3:14: half a surrogate pair is not text and cannot be compared', 'email: "\\uD83D\\uDE00"'],
      '"claim/\\uD800": a': ['3:7: half a surrogate pair is not text and cannot be compared', '"claim/\\uFFFD": a'],
    }),
  )('%s', (criterion, [message = '', twin = '']) => {
    expect(() => writeOne(criterion)).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_INVALID', message: `p.yaml:${message}` }),
    );
    expect(writeOne(twin)).toMatch(/^criteria\./);
  });
});

describe('criteria of Pomerium that no proxy of HTTP can know are refused, and say why', () => {
  test.each(
    Object.entries({
      device: 'it registers no devices, and knows none',
      mcp_tool: 'it reads no bodies, so it does not know which tool of MCP is called',
      pomerium_routes: 'its own pages under /.pomerium/ need no policy, so leave it out',
      record: 'it has no store of records from elsewhere; a policy in Rego can read "data"',
      ssh_ca: 'it is a proxy of HTTP, not of SSH',
      ssh_publickey: 'it is a proxy of HTTP, not of SSH',
      ssh_username: 'it is a proxy of HTTP, not of SSH',
      ssh_username_matches_email: 'it is a proxy of HTTP, not of SSH',
      'ssh_username_matches_claim/x': 'it is a proxy of HTTP, not of SSH',
    }),
  )('%s', (name, why) => {
    expect(() => writeOne(`${name}: a`)).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_INVALID',
        message: `p.yaml:3:7: Behalf does not have the policy criterion "${name}": ${why}`,
      }),
    );
  });
});

describe('names that anybody can put into a certificate are warned about', () => {
  const byName = '{client_certificate: {san_dns: a.x.com}}';
  const pinned = `{client_certificate: {san_dns: a.x.com, fingerprint: ${'ab'.repeat(32)}}}`;
  const invalid = 'invalid_client_certificate: true';
  test.each(
    Object.entries({
      [`allow: {and: [${byName}]}`]: [1],
      [`allow: {or: [${byName}, {client_certificate: {san_uri: a, san_email: b}}]}`]: [1, 1],
      [`deny: {not: [${byName}]}`]: [1],
      [`allow: {and: [${byName}]}\ndeny: {and: [{${invalid}}, {http_path: /a}]}`]: [1],
      [`allow: {and: [${byName}]}\ndeny: {not: [{${invalid}}]}`]: [1],
      [`allow: {and: [${byName}, {${invalid}}]}`]: [1],
      [`allow: {and: [${byName}]}\ndeny: {or: [{http_path: /a}, {${invalid}}]}`]: [],
      [`allow: {and: [${byName}]}\ndeny: {and: [{${invalid}}]}`]: [],
      [`allow: {and: [${pinned}]}`]: [],
    }),
  )('%s', (policy, lines) => {
    const { warnings } = writeRego(configOf({ r0: parsePolicyText(policy, 'p.yaml') }));
    expect(warnings).toMatchObject(
      lines.map((line) => ({
        severity: 'warning',
        position: { line },
        message:
          'anybody can make a certificate with these names: add "deny: {or: [{invalid_client_certificate: true}]}"',
      })),
    );
  });
});

describe('what compares nothing is warned about where a comparison stands', () => {
  const HINT = '; criteria on the original user are "original_user/email", "original_user/domain", ...';
  test.each([
    [
      'original_user: {domain: x.com}',
      `"original_user" compares nothing, and what stands there is ignored: write "true"${HINT}`,
    ],
    ['accept: false', '"accept" compares nothing, and what stands there is ignored: write "true"'],
    [
      'authenticated_user: [a]',
      '"authenticated_user" compares nothing, and what stands there is ignored: write "true"',
    ],
  ])('%s', (criterion, message) => {
    const { warnings } = writeRego(configOf({ r0: parsePolicyText(`allow:\n  or:\n    - ${criterion}\n`, 'p.yaml') }));
    expect(warnings).toMatchObject([{ severity: 'warning', message }]);
  });

  test.each(['original_user: true', 'accept:', 'reject: ""'])('but not for %s', (criterion) => {
    const policy = parsePolicyText(`allow:\n  or:\n    - ${criterion}\n`, 'p.yaml');
    expect(writeRego(configOf({ r0: policy })).warnings).toEqual([]);
  });
});

/** What is said of a policy in YAML, as in `warning: ...`. */
function severitiesOf(text: string): readonly string[] {
  const write = (problems: readonly Problem[]) => problems.map(({ severity, message }) => `${severity}: ${message}`);
  try {
    return write(writeRego(configOf({ r0: parsePolicyText(text, 'p.yaml') })).warnings);
  } catch (error) {
    if (!(error instanceof BehalfError)) throw error;
    return write(error.problems);
  }
}

describe('what is no text is never compared with text', () => {
  test.each(
    Object.entries({
      'email: {is: true}': ['true', 'email: {is: "true"}'],
      'user: {not: 5}': ['5', 'user: {not: "5"}'],
      'user: {in: [a, 12345]}': ['12345', 'user: {in: [a, "12345"]}'],
      'http_path: {not_in: [/a, null]}': ['null', 'http_path: {not_in: [/a]}'],
      'groups: 5': ['5', 'groups: "5"'],
      'groups: {exclude: 5}': ['5', 'groups: {exclude: "5"}'],
      'original_user/groups: {has: false}': ['false', 'original_user/groups: {has: "false"}'],
    }),
  )('%s is refused', (criterion, [value = '', twin]) => {
    const name = criterion.split(':', 1)[0];
    const error = `error: "${name}" is text, which never equals ${value}; put it in quotes if it is meant as text`;
    for (const block of ['allow: {and', 'deny: {or', 'allow: {not', 'deny: {nor']) {
      expect(severitiesOf(`${block}: [{${criterion}}]}`), block).toEqual([error]);
      expect(severitiesOf(`${block}: [{${twin}}]}`), block).toEqual([]);
    }
  });

  // Alone it is a case of Pomerium's own tests (criteria/matchers/string/number): taken, and equal to nothing.
  test.each(['user: 1234', 'original_user/email: true', 'http_path: 1234'])(
    '%s is, where it would let in',
    (criterion) => {
      const message = expect.stringMatching(/ is text, which never equals (1234|true); put it in quotes/);
      const said = (block: string) => severitiesOf(`${block}: [{${criterion}}]}`);
      for (const block of ['deny: {or', 'deny: {and', 'allow: {not', 'allow: {nor']) {
        expect(said(block), block).toEqual([expect.stringMatching(/^error: /)]);
        expect(said(block), block).toEqual([message]);
      }
      for (const block of ['allow: {or', 'allow: {and']) {
        expect(said(block), block).toEqual([expect.stringMatching(/^warning: /)]);
        expect(said(block), block).toEqual([message]);
      }
      const policy = parsePolicyText(`allow: {or: [{${criterion}}]}`, 'p.yaml');
      expect(Object.values(writeRego(configOf({ r0: policy })).modules)[0]).toContain('({"in": []})');
    },
  );

  test("a certificate's names are text too", () => {
    const certificate = (names: string) =>
      `allow: {and: [{client_certificate: {fingerprint: ${'a'.repeat(64)}, san_dns: ${names}}}]}`;
    expect(severitiesOf(certificate('{in: [5]}'))).toEqual([
      expect.stringMatching(/^error: "san_dns" is text, which never equals 5;/),
    ]);
    expect(severitiesOf(certificate('{in: ["5"]}'))).toEqual([]);
  });
});

describe('a comparison that never holds is refused where it would let in, else warned about', () => {
  test.each(['/a%20b', '/a//b', '/a/../b', '/./a'])('of paths that no request has: %s', (path) => {
    const criterion = `{http_path: {starts_with: "${path}"}}`;
    const about = '"http_path" is compared normalised and decoded: ';
    expect(severitiesOf(`deny: {or: [${criterion}]}`)).toEqual([expect.stringContaining(`error: ${about}`)]);
    expect(severitiesOf(`allow: {or: [${criterion}]}`)).toEqual([expect.stringContaining(`warning: ${about}`)]);
  });

  test.each([
    ['http_path: admin', '"http_path" always starts with "/"'],
    ['http_path: {starts_with: admin}', '"http_path" always starts with "/"'],
    ['http_method: {in: [get]}', '"http_method" is compared as it is sent, in capitals'],
    ['domain: "@b.c"', '"domain" is what follows the "@", and holds none'],
    ['original_user/domain: a@b.c', '"original_user/domain" is what follows the "@", and holds none'],
    ['caller_type: robot', '"caller_type" is either "user" or "service_account"'],
    ['caller_type: {in: [user, users]}', '"caller_type" is either "user" or "service_account"'],
    ['original_user/type: {starts_with: sa}', '"original_user/type" is either "user" or "service_account"'],
  ])('of text that no request has: %s', (criterion, message) => {
    expect(severitiesOf(`deny:\n  or:\n    - ${criterion}\n`)).toEqual([`error: ${message}`]);
    expect(severitiesOf(`allow:\n  not:\n    - ${criterion}\n`)).toEqual([`error: ${message}`]);
    expect(severitiesOf(`allow:\n  and:\n    - ${criterion}\n`)).toEqual([`warning: ${message}`]);
  });

  test.each(['http_path: {not: admin}', 'http_path: {not_in: [/a, admin]}'])('%s, which always holds', (criterion) => {
    const message = 'error: "http_path" always starts with "/"';
    expect(severitiesOf(`allow: {or: [{${criterion}}]}`)).toEqual([message]);
    expect(severitiesOf(`allow: {or: [{${criterion.replace('admin', '/admin')}}]}`)).toEqual([]);
  });

  test('but not of other paths', () => {
    const text = 'deny: {or: [{http_path: {in: [/.a, /a/, "/100%", /a.b/..c], contains: admin, ends_with: .php}}]}';
    expect(writeRego(configOf({ r0: parsePolicyText(text, 'p.yaml') })).warnings).toEqual([]);
  });

  test('but not of claims, which may be anything', () => {
    const { warnings } = writeRego(configOf({ r0: parsePolicyText('allow: {or: [{claim/level: 5}]}', 'p.yaml') }));
    expect(warnings).toEqual([]);
  });
});

test('all problems are told at once, sorted, each once', () => {
  const policy = parsePolicyText(
    'allow:\n  and: &all\n    - emial: a\n    - email: {is: [a], in: b}\n  or: *all\n',
    'p.yaml',
  );
  expect(() => writeRego(configOf({ r0: policy, r1: policy }))).toThrow(
    expect.objectContaining({
      code: 'ERR_CONFIG_INVALID',
      message: [
        'p.yaml:3:7: unknown policy criterion "emial": did you mean "email"?',
        'p.yaml:4:19: "is" must be a single value; found a list: use "in:" to match any of them',
        'p.yaml:4:28: "in" must be a list; found the string "b"',
      ].join('\n'),
    }),
  );
});
