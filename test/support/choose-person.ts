import { type CookieJar, openCookieJar } from '../../src/demo/open-cookie-jar.ts';

/**
 * Does what a person does at the provider of start-openid-provider.ts: follows `authorization` there, chooses, and
 * resolves to where the provider sends the browser back to. With the cookies of an earlier sign-in nobody is asked.
 *
 * @param sub who, or "" to cancel
 */
export async function choosePerson(
  authorization: URL,
  sub: string,
  cookies: CookieJar = openCookieJar(),
): Promise<URL> {
  const { hostname, origin } = authorization;
  let url = authorization;
  while (url.origin === origin) {
    const isPage = url.pathname.startsWith('/interaction/');
    const response = await fetch(url, {
      headers: { accept: 'text/html', cookie: cookies.write(hostname) },
      redirect: 'manual',
      ...(isPage ? { method: 'POST', body: new URLSearchParams({ person: sub }) } : {}),
    });
    cookies.keep(hostname, response.headers.getSetCookie());
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url);
  }
  return url;
}
