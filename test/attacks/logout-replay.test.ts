import { expect, test } from 'vitest';
import { startLyingProvider } from '../openid/start-lying-provider.ts';
import { startProxy } from '../proxy/start-proxy.ts';
import { openJarBrowser } from '../support/open-jar-browser.ts';

/** Whoever has seen a logout token sends it again, to whichever process, and would sign a person out as often as they like. */
test('a logout token is taken once: not after a reload, and by no other process', async () => {
  await using provider = await startLyingProvider();
  const config = {
    idp_provider: 'oidc',
    idp_provider_url: provider.issuer,
    idp_client_id: 'behalf',
    idp_client_secret: 'secret',
    authenticate_service_url: 'http://authenticate.localhost',
    routes: [{ from: 'http://app.localhost', to: 'http://127.0.0.1:9', allow_any_authenticated_user: true }],
  };
  await using one = await startProxy(config);
  await using other = await startProxy({ ...config, state_dir: one.stateDir });

  const iat = Math.floor(Date.now() / 1000);
  const events = { 'http://schemas.openid.net/event/backchannel-logout': {} };
  const sign = (jti: string) =>
    provider.sign({ iss: provider.issuer, aud: 'behalf', iat, exp: iat + 3600, jti, sub: 'alice', events });
  const say = async ({ url }: { readonly url: string }, token: string): Promise<string> => {
    const answer = await openJarBrowser(Number(new URL(url).port)).send(
      'http://authenticate.localhost/.pomerium/backchannel_logout',
      { form: { logout_token: token } },
    );
    return [answer.status, ...(answer.body === '' ? [] : [JSON.parse(answer.body).error_description])].join(' ');
  };

  const [first, second] = [await sign('one'), await sign('two')];
  expect(await say(one, first)).toBe('200');
  const used = '400 the logout token was used before';
  for (const proxy of [one, other]) expect(await say(proxy, first)).toBe(used);
  for (const proxy of [one, other]) {
    await proxy.reload({ ...config, state_dir: one.stateDir, clock_skew: '30s' });
    expect(proxy.takeLines().map(({ message }) => message)).toContain('reloaded');
    expect(await say(proxy, first)).toBe(used);
  }
  expect(await say(other, second)).toBe('200');
  expect(await say(one, second)).toBe(used);
});
