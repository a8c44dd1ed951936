import type { Page } from '../../src/pages/page.ts';
import { writeChoosePersonPage } from '../../src/pages/write-choose-person-page.ts';
import { writeConsentPage } from '../../src/pages/write-consent-page.ts';
import { writeNotSentPage } from '../../src/pages/write-not-sent-page.ts';
import { writeNotSignedOutPage } from '../../src/pages/write-not-signed-out-page.ts';
import { writeRefusalPage } from '../../src/pages/write-refusal-page.ts';
import { writeSignInFailedPage } from '../../src/pages/write-sign-in-failed-page.ts';
import { writeSignOutPage } from '../../src/pages/write-sign-out-page.ts';
import { writeSignedOutPage } from '../../src/pages/write-signed-out-page.ts';
import { writeWhoAmIPage } from '../../src/pages/write-who-am-i-page.ts';

/** Every page, with a text of somebody else's choice wherever there is text. */
export function writeHostilePages(text: string): Readonly<Record<string, Page>> {
  const look = { name: text, logo: text, color: null };
  const someone = { id: text, email: text, name: text, groups: [text], claims: { [text]: [text] } };
  const [user, account] = [
    { ...someone, type: 'user' },
    { ...someone, type: 'service_account' },
  ] as const;
  const form = { action: text, fields: { [text]: text }, reaches: [] };
  const asked = { method: text, url: text };
  const times = { now: 0, endsAt: 60, createdAt: 0, expiresAt: 60 };
  const links = { signInUrl: text, signOutUrl: text };
  const refused = { reasons: [text], requestId: text, asked, explanation: text, ...links };
  return {
    'who am I': writeWhoAmIPage(
      {
        ...times,
        ...links,
        host: text,
        caller: account,
        session: { sid: text, ...times },
        assertion: { [text]: [text, { [text]: text }], exp: text },
        originalUser: { ...user, ...times, issuer: text, audience: text },
        isSignInHost: false,
        refusedFor: [],
        originalUserError: null,
      },
      look,
    ),
    'who am I, not believed': writeWhoAmIPage(
      {
        ...times,
        ...links,
        host: text,
        caller: account,
        session: null,
        assertion: null,
        originalUser: null,
        isSignInHost: false,
        refusedFor: [],
        originalUserError: text,
      },
      look,
    ),
    denied: writeRefusalPage({ ...refused, status: 403, caller: user, originalUser: null }, look),
    'denied service account': writeRefusalPage({ ...refused, status: 403, caller: account, originalUser: user }, look),
    'sign in first': writeRefusalPage({ ...refused, status: 401, caller: null, originalUser: null }, look),
    'not sent': writeNotSentPage({ requestId: text, asked, signInUrl: text }, look),
    'sign-in failed': writeSignInFailedPage({ reason: text, status: 400, requestId: text, signInUrl: text }, look),
    'not signed out': writeNotSignedOutPage({ reason: text, status: 400, requestId: text, signOutUrl: text }, look),
    'sign out': writeSignOutPage({ host: text, caller: user, form }, look),
    'signed out': writeSignedOutPage({ signInUrl: text }, look),
    'choose a person': writeChoosePersonPage({ host: text, people: [user], form }, look),
    consent: writeConsentPage({ host: text, caller: user, redirectUri: text, ...times, form }, look),
  };
}
