import { BehalfError } from '../errors.ts';
import { makeSecret } from '../sign-in/make-secret.ts';
import { askSite } from './ask-site.ts';
import { hashVerifier } from './hash-verifier.ts';
import { noSite } from './no-site.ts';
import { openCodeListener } from './open-code-listener.ts';
import { parseSite } from './parse-site.ts';
import { LOGIN_PATH, TOKEN_PATH } from './paths.ts';
import { readMember } from './read-member.ts';

/**
 * Gets a program's token for a site of a proxy, as whoever says yes in the browser that opens what `show` is given.
 *
 * @param site its origin counts
 * @param waitMs how long they may take
 * @throws BehalfError ERR_LOGIN_FAILED
 */
export async function logIn(site: URL, show: (url: URL) => void, waitMs: number): Promise<string> {
  const verifier = makeSecret();
  await using listener = await openCodeListener();
  const question = new URL(LOGIN_PATH, site);
  question.search = new URLSearchParams({
    pomerium_redirect_uri: listener.redirectUri,
    code_challenge: hashVerifier(verifier),
    code_challenge_method: 'S256',
  }).toString();
  show(parseConsentUrl(await askSite(question), site));
  return await listener.receive(async (code) => {
    const answer = await askSite(new URL(TOKEN_PATH, site), new URLSearchParams({ code, code_verifier: verifier }));
    return parseToken(answer, site);
  }, waitMs);
}

/** A site may answer anything: what is opened is a web page, and nothing else that this machine could open. */
function parseConsentUrl(text: string, site: URL): URL {
  const url = parseSite(text);
  if (url === null) throw noSite(site);
  return url;
}

/** It goes to a terminal and into header files: it is what tokens are made of, and nothing else. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

function parseToken(text: string, site: URL): string {
  const token = readMember(text, 'token');
  if (token === null || !TOKEN.test(token)) throw new BehalfError('ERR_LOGIN_FAILED', `${site.host} gave no token`);
  return token;
}
