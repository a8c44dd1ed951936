import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OwnRequest } from '../sign-in/own-request.ts';
import type { Scheme } from './find-scheme.ts';
import { readCookies } from './read-cookies.ts';
import { readForm } from './read-form.ts';
import type { ClientRequest } from './read-request.ts';

/** A request as the sign-in sees it: what could be read in two ways was refused before. */
export function openOwnRequest(
  { method, host, authority, path, search, headers }: ClientRequest,
  scheme: Scheme,
  message: IncomingMessage,
  response: ServerResponse,
): OwnRequest {
  const cookies = readCookies(headers);
  let form: Promise<URLSearchParams> | null = null;
  return {
    method,
    scheme,
    host,
    authority,
    path: path.decoded,
    query: new URLSearchParams(search),
    search,
    header(wanted) {
      const [value, ...others] = headers.flatMap(([name, each]) => (name === wanted ? [each] : []));
      return others.length === 0 ? (value ?? null) : null;
    },
    cookies: (wanted) => cookies.flatMap(([name, value]) => (name === wanted ? [value] : [])),
    cookieNames: () => cookies.map(([name]) => name),
    form() {
      form ??= readForm(message, response);
      return form;
    },
  };
}
