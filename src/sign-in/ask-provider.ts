import type { OpenIdClient } from '../openid/openid-client.ts';
import type { Answer } from './answer.ts';
import { listSurplusStates } from './list-surplus-states.ts';
import { makeSecret } from './make-secret.ts';
import { nameStateCookie } from './name-state-cookie.ts';
import type { OwnRequest } from './own-request.ts';
import { redirectTo } from './redirect-to.ts';
import type { SignInParts, SignInRequest } from './sign-in-parts.ts';

const LIFE_SECONDS = 600;

/** Sends a browser to the provider; a cookie keeps what its answer must fit. Rejects with ERR_PROVIDER_UNAVAILABLE. */
export async function askProvider(
  { cookies, seals }: SignInParts,
  openId: OpenIdClient,
  callback: string,
  asked: SignInRequest,
  request: OwnRequest,
): Promise<Answer> {
  const secrets = { state: makeSecret(), nonce: makeSecret(), codeVerifier: makeSecret() };
  const url = await openId.begin(callback, secrets);
  const sealed = seals.state.seal({ ...secrets, request: asked }, LIFE_SECONDS);
  return redirectTo(url, [
    ...listSurplusStates(request, cookies, sealed.length).map((name) => cookies.clear(name)),
    cookies.set(nameStateCookie(cookies, secrets.state), sealed, LIFE_SECONDS),
  ]);
}
