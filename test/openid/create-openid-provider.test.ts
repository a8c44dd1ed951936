import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openCookieJar } from '../../src/demo/open-cookie-jar.ts';
import { choosePerson } from '../support/choose-person.ts';
import { type RunningOpenIdProvider, startOpenIdProvider } from '../support/start-openid-provider.ts';
import { openClient, outcomeOf, SECRETS } from './open-client.ts';

let provider: RunningOpenIdProvider;
let authenticateUrl: string;
let notices: string[];
let status: number;
const server = createServer(async (request, response) => {
  notices.push(`${request.url} ${await text(request)}`);
  response.writeHead(status).end();
});

beforeEach(async () => {
  notices = [];
  status = 200;
  await once(server.listen(0, '127.0.0.1'), 'listening');
  authenticateUrl = `http://authenticate.localhost:${(server.address() as AddressInfo).port}`;
  provider = await startOpenIdProvider({ authenticateUrl });
});
afterEach(async () => {
  await provider[Symbol.asyncDispose]();
  server.closeAllConnections();
  await once(server.close(), 'close');
});

const callbackUrl = (): string => `${authenticateUrl}/oauth2/callback`;

describe('a person whom the provider signs out', () => {
  test('is named to Behalf by back-channel, and cannot be refreshed', async () => {
    using client = openClient(provider);
    const callback = await choosePerson(await client.begin(callbackUrl(), SECRETS), 'alice');
    const { person, tokens, providerSid } = await client.finish(callback, SECRETS);
    await provider.signOut('alice');

    expect(notices).toEqual([expect.stringMatching(/^\/\.pomerium\/backchannel_logout logout_token=/)]);
    const token = new URLSearchParams(notices[0]?.split(' ')[1]).get('logout_token') ?? '';
    expect(await client.verifyLogoutToken(token)).toMatchObject({ personId: 'alice', providerSid });
    expect((await client.refresh(tokens, person)).kind).toBe('ended');
  });

  test('is told of where Behalf does not take it', async () => {
    using client = openClient(provider);
    await client.finish(await choosePerson(await client.begin(callbackUrl(), SECRETS), 'alice'), SECRETS);
    status = 400;
    await expect(provider.signOut('alice')).rejects.toThrow('400');
  });
});

describe('the pages', () => {
  test('are not asked twice', async () => {
    using client = openClient(provider);
    const cookies = openCookieJar();
    await choosePerson(await client.begin(callbackUrl(), SECRETS), 'alice', cookies);
    await choosePerson(await client.begin(callbackUrl(), SECRETS), 'nobody is asked', cookies);
    const asked = (await provider.requests()).filter((request) => request.startsWith('POST /interaction/'));
    expect(asked).toHaveLength(1);
  });

  test('show names as text', async () => {
    await provider.setPeople([{ sub: '"><x-sub>', email: '<x-email>', name: '<x-name>', groups: [] }]);
    using client = openClient(provider);
    const first = await fetch(await client.begin(callbackUrl(), SECRETS), { redirect: 'manual' });
    const cookie = first.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const page = await fetch(new URL(first.headers.get('location') ?? '', provider.issuer), { headers: { cookie } });
    const html = await page.text();
    expect(html).toContain('<button name="person" value="&#34;&#62;&#60;x-sub&#62;">');
    expect(html).toContain('<bdi>&#60;x-name&#62;</bdi> <small><bdi>&#60;x-email&#62;</bdi></small>');
    expect(html).not.toContain('<x-');
  });

  test('say what went wrong', async () => {
    const page = await fetch(`${provider.issuer}/interaction/unknown`);
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('<h1>That did not work</h1>')]);
  });

  test('do not open without PKCE', async () => {
    using client = openClient(provider);
    const url = await client.begin(callbackUrl(), SECRETS);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    expect((await choosePerson(url, 'alice')).searchParams.get('error')).toBe('invalid_request');
  });

  test('do not send people elsewhere', async () => {
    using client = openClient(provider);
    const url = await client.begin('https://elsewhere.example/oauth2/callback', SECRETS);
    expect(await outcomeOf(choosePerson(url, 'alice'))).toContain('/auth answered 400');
  });
});
