import type { JarBrowser, Visited } from './open-jar-browser.ts';

/** The unseen fields of a page's form. */
export function readFields(html: string): Record<string, string> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return Object.fromEntries(Array.from(fields, ([, name = '', value = '']) => [name, value]));
}

/** Presses a button of the page that asks whether a program may act as somebody. */
export function pressConsent(browser: JarBrowser, page: Visited, answer: 'allow' | 'deny'): Promise<Visited> {
  const { origin } = page.url;
  return browser.send(`${origin}/.pomerium/consent`, {
    form: { ...readFields(page.body), answer },
    headers: { 'sec-fetch-site': 'same-origin', origin },
  });
}
