import { describe, expect, test } from 'vitest';
import type { Learned } from '../../src/demo/create-upstream.ts';
import { writeLearnedPage } from '../../src/demo/write-learned-page.ts';
import { ALICE, APP } from './samples.ts';

const HOSTILE = `"><script>alert(1)</script>'`;

/** What stands in the coloured row, a service each: the name of its header. */
function readRow({ html }: { readonly html: string }): string[] {
  return [...html.matchAll(/<div class="person"><h3>[^<]*<\/h3>\n<code>([^<]*)</g)].map(([, header = '']) => header);
}

describe('the row of with whom it began', () => {
  const [own, passedOn] = ['X-Pomerium-Jwt-Assertion', 'X-Pomerium-Jwt-Assertion-For'];
  const api = APP.next as Learned;
  test.each<[string, Learned, string[]]>([
    ['runs from the caller of the first to the original user of the others', APP, [own, passedOn, passedOn]],
    ['ends where one was not reached', { ...APP, next: { server: 'API', status: 403, body: '' } }, [own]],
    ['is the original user alone where a program asks the first', api, [passedOn, passedOn]],
    ['is empty where a program acts for itself', { ...api, originalUser: null, next: null }, []],
  ])('%s', (_, learned, headers) => {
    expect(readRow(writeLearnedPage(learned))).toEqual(headers);
  });
});

describe('it says that the row is one token', () => {
  const otherwise = { ...ALICE, fingerprint: '577 bytes, sha256 of others' };
  test.each<[string, Learned, boolean]>([
    ['where it is', APP, true],
    ['not where one was told by other bytes', { ...APP, caller: otherwise }, false],
    ['not where there is nobody in it', { ...(APP.next as Learned), originalUser: null, next: null }, false],
  ])('%s', (_, learned, says) => {
    expect(writeLearnedPage(learned).html.includes('The coloured part is one token')).toBe(says);
  });
});

test('what anybody else wrote is text', () => {
  const alice = {
    ...ALICE,
    id: HOSTILE,
    email: HOSTILE,
    audience: HOSTILE,
    claims: { [HOSTILE]: HOSTILE, name: HOSTILE },
  };
  const refused = { server: HOSTILE, status: 502, body: HOSTILE };
  const { html } = writeLearnedPage({ server: HOSTILE, caller: alice, originalUser: alice, next: refused });
  expect(html).toContain('&#34;&#62;&#60;script&#62;alert(1)');
  expect(html).not.toContain('<script');
  expect(html).not.toContain(HOSTILE);
});
