import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openClient, SECRETS } from './open-client.ts';
import { type LyingProvider, startLyingProvider } from './start-lying-provider.ts';

let provider: LyingProvider;

beforeAll(async () => {
  provider = await startLyingProvider();
});
afterAll(() => provider[Symbol.asyncDispose]());

const basic = `Basic ${Buffer.from('behalf:a%2Bsecret').toString('base64')}`;

describe('Behalf shows that it is itself', () => {
  const cases: Readonly<
    Record<
      string,
      [methods: string[] | undefined, secret: string | null, header: string | undefined, body: string | null]
    >
  > = {
    'by the header where nothing is said': [undefined, 'a+secret', basic, null],
    'by the header where that is one way': [['client_secret_post', 'client_secret_basic'], 'a+secret', basic, null],
    'in the body where that is the way': [['client_secret_post'], 'a+secret', undefined, 'a+secret'],
    'by PKCE alone without a secret': [['client_secret_basic'], null, undefined, null],
  };
  for (const [name, [methods, clientSecret, header, body]] of Object.entries(cases)) {
    test(name, async () => {
      provider.lies = { discovery: { token_endpoint_auth_methods_supported: methods } };
      using client = openClient({ issuer: provider.issuer, clientSecret });
      await client.finish(provider.callback, SECRETS);
      expect(provider.asked?.authorization).toBe(header);
      expect(provider.asked?.body.get('client_secret')).toBe(body);
      expect(provider.asked?.body.get('code_verifier')).toBe(SECRETS.codeVerifier);
    });
  }
});
