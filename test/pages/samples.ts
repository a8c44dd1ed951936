import type { Look, Page } from '../../src/pages/page.ts';
import { writeChoosePersonPage } from '../../src/pages/write-choose-person-page.ts';
import { writeConsentPage } from '../../src/pages/write-consent-page.ts';
import { writeNotSentPage } from '../../src/pages/write-not-sent-page.ts';
import { writeNotSignedOutPage } from '../../src/pages/write-not-signed-out-page.ts';
import { type Refused, writeRefusalPage } from '../../src/pages/write-refusal-page.ts';
import { writeSignInFailedPage } from '../../src/pages/write-sign-in-failed-page.ts';
import { writeSignOutPage } from '../../src/pages/write-sign-out-page.ts';
import { writeSignedOutPage } from '../../src/pages/write-signed-out-page.ts';
import { type WhoAmI, writeWhoAmIPage } from '../../src/pages/write-who-am-i-page.ts';

const NOW = Date.UTC(2026, 10, 22, 9, 41, 7) / 1000;
const LOGO = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M12 1 23 21H1z" fill="#d6472b"/><circle cx="12" cy="14" r="4" fill="#fff"/></svg>',
)}`;

export const PLAIN: Look = { name: 'Behalf', logo: null, color: null };
const HOUSE: Look = { name: 'Example Company', logo: LOGO, color: '#0a7d4f' };
const SUNNY: Look = { name: 'Sunny Days', logo: null, color: '#ffe600' };

const REQUEST_ID = '01K3ZQ7V9C2M4T8Y6B0D5F1G3H';
const HOST = 'app.companydomain.com';
const LONG_HOST = 'expenses.internal-applications.eu-central.companydomain.example:8443';
const SIGN_IN = '/.pomerium/sign_in?redirect=/reports';

const ALICE = {
  type: 'user',
  id: '248289761001',
  email: 'alice@companydomain.com',
  name: 'Alice Liddell',
  groups: ['engineering', 'on-call', 'wonderland readers'],
  claims: {
    sub: ['248289761001'],
    email: ['alice@companydomain.com'],
    email_verified: [true],
    name: ['Alice Liddell'],
    groups: ['engineering', 'on-call', 'wonderland readers'],
    'address.country': ['UK'],
    auth_time: [NOW - 1_200],
  },
} as const;
const BOB = { type: 'user', id: 'bob', email: 'bob@companydomain.com', name: 'Bob', groups: ['sales'] } as const;
const EVE = { type: 'user', id: 'eve', email: 'eve@elsewhere.example', name: 'Eve Adams', groups: [] } as const;
const APP = { type: 'service_account', id: 'app', email: '', name: '', groups: [], claims: {} } as const;

const ME: WhoAmI = {
  host: HOST,
  isSignInHost: false,
  now: NOW,
  caller: ALICE,
  session: { sid: 'session-Vx3nQ8sJ0aZk7LwRt2YbCg', createdAt: NOW - 1_200, endsAt: NOW + 13 * 3_600 + 40 * 60 },
  assertion: {
    iss: HOST,
    aud: HOST,
    sub: ALICE.id,
    user: ALICE.id,
    email: ALICE.email,
    name: ALICE.name,
    groups: ALICE.groups,
    sid: 'session-Vx3nQ8sJ0aZk7LwRt2YbCg',
    caller_type: 'user',
    iat: NOW,
    exp: NOW + 300,
    jti: 'q6GdY3o0T1mCkJzX9sVbWA',
  },
  refusedFor: [],
  originalUser: null,
  originalUserError: null,
  signInUrl: null,
  signOutUrl: '/.pomerium/sign_out',
};
const NOBODY: WhoAmI = {
  ...ME,
  caller: null,
  session: null,
  assertion: null,
  signInUrl: SIGN_IN,
  signOutUrl: null,
};

const DENIED: Refused = {
  status: 403,
  reasons: ['domain-unauthorized'],
  requestId: REQUEST_ID,
  asked: { method: 'GET', url: `https://${HOST}/reports/2026/q3?view=…` },
  caller: EVE,
  originalUser: null,
  signInUrl: null,
  signOutUrl: '/.pomerium/sign_out',
  explanation: null,
};
const FAILED: Refused = { ...DENIED, reasons: [], caller: null, signOutUrl: null };

const EXPLANATION = `GET https://${HOST}/reports/2026/q3
  caller       user "eve", "eve@elsewhere.example"
  route        Reports  behalf.yaml:14:5

refused with 403: domain-unauthorized
step 7: the allow side is not true

allow
└─ false or                                   behalf.yaml:19:7
   ├─ false domain is "companydomain.com"     behalf.yaml:20:11
   └─ false groups has "auditors"             behalf.yaml:21:11

It would be allowed with
  caller.email   an address of companydomain.com
`;
const REFUSALS: Readonly<Record<string, Refused>> = {
  denied: DENIED,
  'denied-for-several-reasons': {
    ...DENIED,
    reasons: ['groups-unauthorized', 'source-ip-unauthorized', 'time-of-day-unauthorized', 'not-a-red-shirt'],
  },
  'denied-service-account': {
    ...DENIED,
    reasons: ['original-user-unauthorized'],
    asked: { method: 'POST', url: 'https://api.companydomain.com/orders' },
    caller: APP,
    originalUser: EVE,
    signOutUrl: null,
  },
  'denied-explained': { ...DENIED, explanation: EXPLANATION },
  'denied-stranger': { ...DENIED, reasons: ['source-ip-unauthorized'], caller: null, signOutUrl: null },
  'sign-in-first': { ...FAILED, status: 401, reasons: ['user-unauthenticated'], signInUrl: SIGN_IN },
  'sign-in-first-elsewhere': { ...FAILED, status: 401, reasons: ['user-unauthenticated'] },
  'development-alone': { ...FAILED, reasons: ['development'], asked: null },
  'credential-invalid': { ...FAILED, status: 401, reasons: ['expired'] },
  'client-certificate': { ...FAILED, status: 495, reasons: ['client-certificate-required'] },
  'not-found': { ...FAILED, status: 404, reasons: ['route-not-found'] },
  unreachable: { ...FAILED, status: 502 },
  'no-decision': { ...FAILED, status: 503 },
  malformed: { ...FAILED, status: 400, reasons: ['path'], asked: null },
};

/** Every page, by a name for it, as people would meet it. */
export const SAMPLES: Readonly<Record<string, Page>> = {
  'who-am-i': writeWhoAmIPage(ME, PLAIN),
  'who-am-i-chain': writeWhoAmIPage(
    {
      ...ME,
      host: 'api.companydomain.com',
      caller: APP,
      session: null,
      originalUser: { ...ALICE, issuer: HOST, audience: HOST, expiresAt: NOW + 240 },
      signOutUrl: null,
    },
    PLAIN,
  ),
  'who-am-i-long-host': writeWhoAmIPage(
    {
      ...ME,
      host: LONG_HOST,
      originalUser: { ...ALICE, issuer: HOST, audience: LONG_HOST, expiresAt: NOW + 240 },
      caller: { ...APP, id: 'reporting-of-the-quarter' },
      session: null,
      signOutUrl: null,
    },
    PLAIN,
  ),
  'who-am-i-not-believed': writeWhoAmIPage(
    { ...ME, caller: APP, session: null, originalUserError: 'expired', signOutUrl: null },
    PLAIN,
  ),
  'who-am-i-refused': writeWhoAmIPage(
    { ...ME, assertion: null, refusedFor: ['domain-unauthorized', 'groups-unauthorized'] },
    PLAIN,
  ),
  'who-am-i-untold': writeWhoAmIPage({ ...ME, assertion: null }, PLAIN),
  'who-am-i-at-sign-in': writeWhoAmIPage(
    { ...ME, host: 'authenticate.companydomain.com', isSignInHost: true, assertion: null },
    PLAIN,
  ),
  'who-am-i-unverified': writeWhoAmIPage(
    { ...ME, caller: { ...ALICE, email: '', claims: { email_verified: [false] } } },
    PLAIN,
  ),
  'who-am-i-nobody': writeWhoAmIPage(NOBODY, PLAIN),
  ...Object.fromEntries(Object.entries(REFUSALS).map(([name, facts]) => [name, writeRefusalPage(facts, PLAIN)])),
  'denied-house': writeRefusalPage(DENIED, HOUSE),
  'not-sent': writeNotSentPage(
    { requestId: REQUEST_ID, asked: { method: 'POST', url: `https://${HOST}/expenses` }, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-failed': writeSignInFailedPage(
    { reason: 'state', status: 400, requestId: REQUEST_ID, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-not-believed': writeSignInFailedPage(
    { reason: 'nonce', status: 400, requestId: REQUEST_ID, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-foreign-form': writeSignInFailedPage(
    { reason: 'origin', status: 400, requestId: REQUEST_ID, signInUrl: null },
    PLAIN,
  ),
  'program-too-late': writeSignInFailedPage(
    { reason: 'program-request', status: 400, requestId: REQUEST_ID, signInUrl: null },
    PLAIN,
  ),
  'sign-in-refused': writeSignInFailedPage(
    { reason: 'access-denied', status: 403, requestId: REQUEST_ID, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-no-cookie': writeSignInFailedPage(
    { reason: 'no-cookie', status: 400, requestId: REQUEST_ID, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-misconfigured': writeSignInFailedPage(
    { reason: 'client-refused', status: 503, requestId: REQUEST_ID, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-groups-overage': writeSignInFailedPage(
    { reason: 'groups-overage', status: 400, requestId: REQUEST_ID, signInUrl: SIGN_IN },
    PLAIN,
  ),
  'sign-in-away': writeSignInFailedPage({ reason: null, status: 503, requestId: REQUEST_ID, signInUrl: null }, PLAIN),
  'sign-out': writeSignOutPage(
    { host: HOST, caller: ALICE, form: { action: '/.pomerium/sign_out', fields: {}, reaches: [] } },
    PLAIN,
  ),
  'sign-out-foreign-form': writeNotSignedOutPage(
    { reason: 'origin', status: 400, requestId: REQUEST_ID, signOutUrl: '/.pomerium/sign_out' },
    PLAIN,
  ),
  'sign-out-nobody': writeSignOutPage(
    { host: HOST, caller: null, form: { action: '/.pomerium/sign_out', fields: {}, reaches: [] } },
    PLAIN,
  ),
  'signed-out': writeSignedOutPage({ signInUrl: `https://${HOST}/` }, PLAIN),
  'choose-person': writeChoosePersonPage(
    {
      host: HOST,
      people: [ALICE, BOB, EVE],
      form: { action: '/.pomerium/sign_in?request=x', fields: {}, reaches: [] },
    },
    SUNNY,
  ),
  consent: writeConsentPage(
    {
      host: HOST,
      caller: ALICE,
      redirectUri: 'http://127.0.0.1:53122/',
      now: NOW,
      endsAt: NOW + 13 * 3_600 + 40 * 60,
      form: { action: '/.pomerium/api/v1/login', fields: { request: 'x' }, reaches: ['http://127.0.0.1:53122/'] },
    },
    HOUSE,
  ),
};
