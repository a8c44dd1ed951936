import type { Learned, Refused } from '../../src/demo/create-upstream.ts';
import { PEOPLE } from '../../src/demo/scenario.ts';
import type { Identity } from '../../src/demo/verify-headers.ts';
import { writeLearnedPage } from '../../src/demo/write-learned-page.ts';
import { type ProviderPage, writeProviderPage } from '../../src/demo/write-provider-page.ts';
import type { Page } from '../../src/pages/page.ts';

const NOW = Date.UTC(2026, 10, 22, 9, 41, 7) / 1000;

function identify(type: Identity['type'], id: string, audience: string, claims: object): Identity {
  const email = type === 'user' ? `${id}@companydomain.com` : '';
  const said = { iss: audience, aud: audience, sub: id, email, caller_type: type, ...claims };
  return {
    type,
    id,
    email,
    audience,
    expiresAt: NOW + 300,
    claims: { ...said, jti: 'q6GdY3o0T1mCkJzX9sVbWA', iat: NOW, exp: NOW + 300 },
    fingerprint: `577 bytes, sha256 ${id === 'alice' ? '17554c0cb1436d15' : '2f7f0623c14b5019'}`,
  };
}

export const ALICE = identify('user', 'alice', 'app.localhost', {
  name: 'Alice',
  groups: ['engineering'],
  sid: 'session-Vx3nQ8sJ0aZk7LwRt2YbCg',
});
const account = (id: string, audience: string) => identify('service_account', id, audience, { user: id });

const API2: Learned = {
  server: 'API2',
  caller: account('api2-access', 'api2.localhost'),
  originalUser: ALICE,
  next: null,
};
const API: Learned = {
  server: 'API',
  caller: account('api-access', 'api.localhost'),
  originalUser: ALICE,
  next: API2,
};
export const APP: Learned = { server: 'App', caller: ALICE, originalUser: null, next: API };
const REFUSED: Refused = { server: 'API2', status: 401, body: '{"status":401,"reasons":["revoked"]}' };

const provider = (page: ProviderPage): Page => ({ html: writeProviderPage(page), headers: [] });

/** Every page of the demo. */
export const DEMO_SAMPLES: Readonly<Record<string, Page>> = {
  'demo-app': writeLearnedPage(APP),
  'demo-app-cut-off': writeLearnedPage({ ...APP, next: { ...API, next: REFUSED } }),
  'demo-api-for-a-program': writeLearnedPage({ ...API, originalUser: null, next: { ...API2, originalUser: null } }),
  'demo-provider': provider({
    kind: 'choose',
    client: 'behalf',
    people: Object.values(PEOPLE),
    action: '/interaction/x',
  }),
  'demo-provider-sign-out': provider({ kind: 'sign-out', form: '<form id="op.logoutForm" method="post"></form>' }),
  'demo-provider-signed-out': provider({ kind: 'signed-out' }),
  'demo-provider-error': provider({ kind: 'error', message: 'invalid_request: no client' }),
};
