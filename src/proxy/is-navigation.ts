import type { IncomingMessage } from 'node:http';
import { chooseForm } from './choose-form.ts';

/**
 * Where a person can see what a navigation leads to; a service worker that fetches one again says `empty`. Not `embed` and
 * `object`, where they expect a picture.
 */
const DESTINATIONS: ReadonlySet<unknown> = new Set([undefined, 'document', 'iframe', 'frame', 'empty']);

/** Of links and forms. */
const METHODS: ReadonlySet<unknown> = new Set(['GET', 'HEAD', 'POST']);

/**
 * Whether a browser goes to this address for a person, by a link or a form, as it says itself (W3C Fetch Metadata: no
 * script can). One that says nothing of it, as on clear text, asks for HTML by name. Whoever brings a credential is none.
 */
export function isNavigation({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const { authorization, 'x-pomerium-authorization': ours, upgrade } = headers;
  const form = chooseForm(headers);
  if (authorization !== undefined || ours !== undefined || upgrade !== undefined) return false;
  if (!METHODS.has(method) || form.startsWith('grpc')) return false;
  if (Object.keys(headers).some((name) => name.startsWith('sec-fetch-'))) {
    return headers['sec-fetch-mode'] === 'navigate' && DESTINATIONS.has(headers['sec-fetch-dest']);
  }
  return form === 'html';
}
