/** The cookies of a browser at one provider: name to value. */
export type ProviderCookies = Map<string, string>;

/**
 * Does what a person does at the provider of start-openid-provider.ts: follows `authorization` there, chooses, and
 * resolves to where the provider sends the browser back to. With the cookies of an earlier sign-in nobody is asked.
 *
 * @param sub who, or "" to cancel
 */
export async function choosePerson(
  authorization: URL,
  sub: string,
  cookies: ProviderCookies = new Map(),
): Promise<URL> {
  const visit = async (url: URL, init: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { ...init, headers: { accept: 'text/html', cookie }, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      if (at + 1 === pair.length) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };

  let url = authorization;
  while (url.origin === authorization.origin) {
    const isPage = url.pathname.startsWith('/interaction/');
    const response = await visit(url, isPage ? { method: 'POST', body: new URLSearchParams({ person: sub }) } : {});
    const location = response.headers.get('location');
    if (location === null) throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
    url = new URL(location, url);
  }
  return url;
}
