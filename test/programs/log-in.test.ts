import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { logIn } from '../../src/programs/log-in.ts';
import { makeCertificate } from '../support/make-certificate.ts';

const WAIT_MS = 60_000;
const CONSENT = 'https://authenticate.example.com/consent';

interface Lie {
  readonly login?: (response: ServerResponse) => void;
  readonly token?: (response: ServerResponse) => void;
}

let lie: Lie = {};
const site = createServer((request, response) => {
  if (request.method === 'POST') (lie.token ?? say({ token: 'a.b.c' }))(response);
  else (lie.login ?? say(CONSENT))(response);
  redirectUri = new URL(request.url ?? '', 'http://site').searchParams.get('pomerium_redirect_uri') ?? redirectUri;
}).listen(0, '127.0.0.1');
let redirectUri = '';
await once(site, 'listening');
const { port } = site.address() as AddressInfo;
const url = new URL(`http://app.localhost:${port}`);
afterAll(() => {
  site.closeAllConnections();
  site.close();
});

function say(body: string | object, status = 200, headers = {}): (response: ServerResponse) => void {
  return (response) => {
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** With a person who says yes at once. */
const logInTo = (told: Lie, shown: string[] = []): Promise<string> => {
  lie = told;
  const comeBack = ({ href }: URL): void => {
    shown.push(href);
    void fetch(`${redirectUri}?code=abc`).then((answer) => answer.text());
  };
  return logIn(url, comeBack, WAIT_MS);
};

const NO_SITE = `${url.origin} is no site of Behalf where people sign in by browser`;
const REFUSED: Record<string, readonly [Lie, string]> = {
  'sends on to another address': [
    { login: say('', 302, { location: 'https://app.example.com/login' }) },
    `${url.origin} sends programs on to https://app.example.com/login: give that address`,
  ],
  'is no site of Behalf': [{ login: say('nothing here', 404) }, NO_SITE],
  'says what is wrong': [
    { login: say({ error: 'invalid_request', error_description: 'it is too late' }, 400) },
    `${url.origin} answers 400: it is too late`,
  ],
  'is broken': [{ login: say('oops', 500) }, `${url.origin} answers 500`],
  'hangs up': [{ login: (response) => response.destroy() }, `${url.origin} does not answer: other side closed`],
  'talks without end': [
    { login: say('a'.repeat(100_000)) },
    `${url.origin} does not answer: Response content exceeded max size`,
  ],
  'is any other site': [{ login: say('<!doctype html><h1>Welcome</h1>') }, NO_SITE],
  'has a file opened': [{ login: say('file:///etc/passwd') }, NO_SITE],
  'has an option opened': [{ login: say('--version') }, NO_SITE],
  'has a page of clear text opened': [{ login: say('http://evil.example/') }, NO_SITE],
  'gives no token': [{ token: say({}) }, `${url.host} gave no token`],
  'gives no JSON': [{ token: say('a.b.c') }, `${url.host} gave no token`],
  'gives a header more': [{ token: say({ token: 'a.b.c\r\nX-Admin: yes' }) }, `${url.host} gave no token`],
  'takes the code for used': [
    { token: say({ error: 'invalid_grant', error_description: 'the code was used before' }, 400) },
    `${url.origin} answers 400: the code was used before`,
  ],
};

describe('logIn', () => {
  test('gives the token, and shows where to say yes', async () => {
    const shown: string[] = [];
    expect(await logInTo({}, shown)).toBe('a.b.c');
    expect(shown).toEqual([CONSENT]);
  });

  test.each(Object.entries(REFUSED))('fails where the site %s', async (_, [told, message]) => {
    await expect(logInTo(told)).rejects.toMatchObject({ code: 'ERR_LOGIN_FAILED', message });
  });

  test('fails where clear text is spoken in place of TLS, and says so', async () => {
    const clear = new URL(`https://127.0.0.1:${port}`);
    const message = `${clear.origin} does not answer: it speaks no TLS there; for a proxy on this machine write http:`;
    await expect(logIn(clear, () => undefined, WAIT_MS)).rejects.toMatchObject({ code: 'ERR_LOGIN_FAILED', message });
  });

  test('fails where the certificate is of an authority that is not trusted, and says what to do', async () => {
    const { certificate, key } = await makeCertificate('127.0.0.1');
    const other = createTlsServer({ cert: certificate, key }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const there = new URL(`https://127.0.0.1:${(other.address() as AddressInfo).port}`);
    const why =
      'this machine does not trust the authority of its certificate: have it trusted, or name its file in NODE_EXTRA_CA_CERTS';
    await expect(logIn(there, () => undefined, WAIT_MS)).rejects.toMatchObject({
      code: 'ERR_LOGIN_FAILED',
      message: `${there.origin} does not answer: ${why}`,
    });
    other.close();
  });

  test('fails where nobody listens', async () => {
    const nowhere = new URL('http://127.0.0.1:1');
    const failed = { code: 'ERR_LOGIN_FAILED', message: expect.stringContaining('http://127.0.0.1:1 does not answer') };
    await expect(logIn(nowhere, () => undefined, WAIT_MS)).rejects.toMatchObject(failed);
  });
});
