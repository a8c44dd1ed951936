import axe from 'axe-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { advise } from '../../src/pages/advise.ts';
import { buildStyle } from '../../src/pages/build-style.ts';
import { dependsOnAccount } from '../../src/pages/depends-on-account.ts';
import { fitColor } from '../../src/pages/fit-color.ts';
import { html } from '../../src/pages/html.ts';
import { showHost } from '../../src/pages/show-host.ts';
import { showText } from '../../src/pages/show-text.ts';
import { writeClaims } from '../../src/pages/write-claims.ts';
import { writeContentSecurity } from '../../src/pages/write-content-security.ts';
import { writeDuration } from '../../src/pages/write-duration.ts';
import { writeReasons } from '../../src/pages/write-reasons.ts';
import { writeTime } from '../../src/pages/write-time.ts';
import { SAMPLES } from './samples.ts';
import { writeHostilePages } from './write-hostile-pages.ts';

describe('html', () => {
  test('escapes what is put in, as text and as an attribute', () => {
    expect(html`<a title="${`"'>`}">${'<&'}${1}${null}${['a', html`<b>${'<'}</b>`]}</a>`.text).toBe(
      '<a title="&#34;&#39;&#62;">&#60;&#38;1a<b>&#60;</b></a>',
    );
  });
});

describe('nothing hostile gets out of its place', () => {
  const HOSTILE = `"'></title></style><x-hostile onload=x>&<!--\u202e\u0000${'x'.repeat(999)}`;
  test.each(Object.entries(writeHostilePages(HOSTILE)))('%s', (_, page) => {
    expect(page.html).toContain('&#60;x-hostile onload=x&#62;');
    expect(page.html).not.toMatch(/<x-hostile|<!--|"'>|<\/style>(?=.*<\/style>)/s);
    expect(page.headers.flat().join('')).not.toMatch(/[\r\n]|x-hostile/);
  });

  test('a name cannot hide or turn what stands beside it', () => {
    expect(showText('a\u202e\u0007<b').text).toBe('<bdi>a\\u202e\\u0007&#60;b</bdi>');
  });

  test('a host has its lines end after dots and slashes, and before the port', () => {
    expect(showHost('a-b.c.example/d:e:8443').text).toBe('<bdi>a-b.<wbr>c.<wbr>example/<wbr>d:e<wbr>:8443</bdi>');
    expect(showHost(`.<${'x'.repeat(299)}`).text).toBe(`<bdi>.<wbr>&#60;${'x'.repeat(298)}…</bdi>`);
  });

  test('of a long text the beginning stands for the whole', () => {
    expect(showText('🙂'.repeat(300)).text).toBe(`<bdi>${'🙂'.repeat(300)}</bdi>`);
    expect(showText('🙂'.repeat(301)).text).toBe(`<bdi>${'🙂'.repeat(300)}…</bdi>`);
  });
});

describe('headers', () => {
  test.each(Object.entries(SAMPLES))('%s', (name, { headers }) => {
    const hasForm = /^(?:sign-out|choose-person|consent)$/.test(name);
    expect(Object.fromEntries(headers)).toEqual({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; img-src data:; form-action '(?:none|self)'/,
      ),
      'referrer-policy': hasForm ? 'same-origin' : 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
  });

  const POLICIES: Readonly<Record<string, readonly [reaches: readonly string[] | null, formAction: string]>> = {
    'no form': [null, "'none'"],
    'a form that stays': [[], "'self'"],
    'the origin alone': [['https://id.example.com:8443/end?id_token_hint=x'], "'self' https://id.example.com:8443"],
    'each once': [['http://a.example/1', 'http://a.example/2'], "'self' http://a.example"],
    'an IPv6 address': [['http://[::1]:53122/'], "'self' http://*:53122"],
  };
  test.each(Object.entries(POLICIES))('form-action: %s', (_, [reaches, formAction]) => {
    expect(writeContentSecurity('', reaches, false)).toContain(`; form-action ${formAction}; frame-ancestors 'none'`);
  });

  test('an explanation is of no origin, other pages are of theirs', () => {
    const policies = ['denied-explained', 'denied'].map(
      (name) => new Map(SAMPLES[name]?.headers).get('content-security-policy') ?? '',
    );
    expect(policies.map((policy) => policy.endsWith('; sandbox'))).toEqual([true, false]);
  });
});

describe('reasons', () => {
  test('in words, with their codes; the same words once; a code without words alone', () => {
    expect(writeReasons(['email-ok', 'my-own', 'domain-ok']).text).toBe(
      '<ul class="plain"><li>A rule denies what this request is, or who sends it. <code>email-ok</code><code>domain-ok</code></li><li><code>my-own</code></li></ul>',
    );
  });

  test('advice is given once, and none for what nobody can mend', () => {
    expect(advise(['source-ip-unauthorized', 'source-ip-unauthorized', 'reject', 'constructor'])).toEqual([
      'Try again from a network that may come here: your office’s, or its VPN.',
    ]);
  });

  const ACCOUNTS: Readonly<Record<string, readonly [reasons: readonly string[], depends: boolean]>> = {
    'whose account it is': [['email-unauthorized'], true],
    'when and where it is': [['source-ip-unauthorized', 'time-of-day-unauthorized'], false],
    both: [['email-unauthorized', 'time-of-day-unauthorized'], true],
    'a reason of the user’s own': [['my-own'], true],
  };
  test.each(Object.entries(ACCOUNTS))('another account may help: %s', (_, [reasons, depends]) => {
    expect(dependsOnAccount(reasons)).toBe(depends);
  });
});

describe('times', () => {
  test.each([
    [0, 'less than a minute'],
    [59, 'less than a minute'],
    [60, '1 minute'],
    [3_600, '1 hour'],
    [49_259, '13 hours 40 minutes'],
    [86_400 + 59, '1 day'],
    [2 * 86_400 + 3_600 + 60, '2 days 1 hour'],
    [-5, 'less than a minute'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(writeDuration(seconds)).toBe(words);
  });

  test('a moment, and what is none', () => {
    expect(writeTime(1_795_340_467).text).toBe('<time datetime="2026-11-22T09:41:07.000Z">2026-11-22 09:41 UTC</time>');
    expect(writeTime(1e20).text).toBe('100000000000000000000');
  });
});

describe('claims', () => {
  const CELLS: Readonly<Record<string, readonly [value: unknown, cell: string]>> = {
    'a text': ['a', '<bdi>a</bdi>'],
    'a text of nothing': ['', '<small>empty</small>'],
    'a list of nothing': [[], '<small>empty</small>'],
    'a list of one': [['a'], '<bdi>a</bdi>'],
    'a list with nothing in it': [['a', ''], '<bdi>a</bdi>, <small>empty</small>'],
    'no value': [null, '<bdi>null</bdi>'],
  };
  test.each(Object.entries(CELLS))('%s', (_, [value, cell]) => {
    expect(writeClaims('Claims', { claim: value }).text).toContain(`</th><td>${cell}</td></tr>`);
  });
});

describe('colours', () => {
  const byte = fc.integer({ min: 0, max: 255 });
  const color = fc.tuple(byte, byte, byte).map(toHex);

  test('every colour is made legible on every ground', () => {
    fc.assert(
      fc.property(color, color, (house, ground) => {
        expect(measure(fitColor(house, ground, 4.5), ground)).toBeGreaterThanOrEqual(4.5);
      }),
    );
  });

  test('a colour that is legible stays', () => {
    expect(fitColor('#0a7d4f', '#ffffff', 4.5)).toBe('#0a7d4f');
  });

  test('the house’s colour is in the style, not Behalf’s', () => {
    expect(buildStyle('#123456')).toContain('--accent: #123456;');
    expect(buildStyle(null)).not.toContain('#123456');
  });
});

interface AxeColor {
  parseHexString(text: string): void;
}

/** Axe-core's own reckoning, which its types leave out. */
const { color: COLORS } = axe.commons as unknown as {
  readonly color: {
    readonly Color: new (red: number, green: number, blue: number, alpha: number) => AxeColor;
    readonly getContrast: (one: AxeColor, other: AxeColor) => number;
  };
};

function measure(one: string, other: string): number {
  const { Color, getContrast } = COLORS;
  const parse = (text: string) => {
    const parsed = new Color(0, 0, 0, 1);
    parsed.parseHexString(text);
    return parsed;
  };
  return getContrast(parse(one), parse(other));
}

function toHex(bytes: readonly number[]): string {
  return `#${bytes.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}
