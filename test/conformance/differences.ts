/**
 * Cases of ../shared/conformance whose outcome here is another one. Each is also a promise: a case that comes out as in
 * Pomerium after all must leave its list, or its test fails.
 */

const SIGNED_IN = 'On purpose 2: session criteria are false, with user-unauthenticated, when nobody is signed in';
const NO_DIRECTORY = "On purpose 15: one list of groups, the provider's; no directory, no databroker records";
const VERIFIED = 'On purpose 1: the original user is verified, and only a service account may bring one';
const NAVIGATION =
  "On purpose 11: a missing credential is 401, unless a browser's navigation is asking: `*/*` and no `Accept` are 401";
const FILE_ORDER =
  "Configuration: reads Pomerium's route YAML as it is; a file's routes keep their order, and there is no API to sort for";
const LACKING = "Configuration: a key of Pomerium's that Behalf lacks is an error that says so";
const JSON_DENIALS = 'Requests and answers: JSON denials are { status, error, reasons: [], request_id }';
const STATUSES = "The verdict's order: 401, 403, 404 and 495; there are no devices";

/** On purpose: the case's id and the rule of DESIGN. */
export const ON_PURPOSE: Readonly<Record<string, string>> = {
  'derived/anon-email-not-in': SIGNED_IN,
  'derived/anon-claim-exclude': SIGNED_IN,
  'derived/anon-email-empty-object': 'On purpose 3: an empty matcher is an error at load',
  'derived/claim-no-subpath': 'On purpose 3: an empty claim name is an error at load',
  'derived/claim-has-array-never-matches': 'On purpose 3: a list where a matcher is due is an error at load',
  'criteria/matchers/string-list/null': 'On purpose 3: a list where a matcher is due is an error at load',
  'derived/unknown-criterion-date':
    'Details: the reasons date-ok and date-unauthorized: the criteria of time, which Pomerium sells apart, are there',
  'derived/groups-no-directory-record-exclude': `${NO_DIRECTORY}. Details: "exclude" on an empty list holds for a signed-in caller`,
  'parse/derived/duplicate-key-last-wins':
    'Configuration: positions point, for a duplicate, to the second: it is an error',

  'evaluate/internal/login-anon/pomerium-webauthn': STATUSES,
  'evaluate/policy/expired-service-account': 'On purpose 11: a bad credential is 401, never silently nobody',

  'headers/groups-filter-global-filter-1': NO_DIRECTORY,
  'headers/groups-filter-route-filter-2': NO_DIRECTORY,
  'headers/groups-filter-empty-route-filter': NO_DIRECTORY,
  'headers/groups-filter-no-filtering': NO_DIRECTORY,
  'headers/derived/session-claim-beats-user-claim-in-headers': NO_DIRECTORY,
  'headers/derived/garbage-is-carried': VERIFIED,
  'headers/derived/carried-for-plain-browser-users-too': VERIFIED,
  'headers/derived/anonymous-still-gets-a-signed-assertion': 'On purpose 6: no signed assertion for nobody',
  'headers/derived/missing-claim-header-is-emptied': 'On purpose 12: a claim header without its claim is not sent',
  'headers/derived/bearer-pomerium-not-stripped': 'On purpose 7: all consumed credentials are stripped',
  'headers/session-token/query': 'Who calls: `pomerium_session` in a query is never read',
  'headers/derived/set-request-headers-cannot-pollute-for':
    'Details: setting a reserved name by configuration is refused at load',
  'headers/set-request-headers-no-client-cert':
    'On purpose 12, of templates too: a header that refers to what is missing is not sent, nor half of a credential',
  'headers/routing-key-maglev': LACKING,
  'headers/set-response-headers/autocert-staging': LACKING,

  'outcome/login-accept-empty': NAVIGATION,
  'outcome/login-accept-any': NAVIGATION,
  'outcome/should-redirect-authorization-bearer-other': NAVIGATION,
  'outcome/should-redirect-not-session-query': NAVIGATION,
  'outcome/denied-body-json': JSON_DENIALS,
  'outcome/denied-body-kubernetes-401': JSON_DENIALS,
  'outcome/denied-body-kubernetes-404': JSON_DENIALS,
  'outcome/denied-body-kubernetes-500': JSON_DENIALS,
  'outcome/derived/device-unauthorized': STATUSES,
  'outcome/derived/device-unauthorized-in-allow': STATUSES,

  'routing/sort/regexpriorityorder-desc-nulls-last': FILE_ORDER,
  'routing/sort/id-asc': FILE_ORDER,
  'routing/sort/path-desc': FILE_ORDER,
  'routing/wildcard/3': 'Requests and answers: a route matches the host of `from` whatever the port',
  'routing/validate/tcp-to-urls': 'Requests and answers: CONNECT is 405, and TCP comes by CONNECT',
  'routing/enum/bearer_token_format/unknown': 'On purpose 5: what is unknown is an error',
  'routing/enum/load_balancing_policy/maglev': LACKING,
  'routing/validate/unix-to-urls': LACKING,
  'routing/validate/mix-of-unix-and-non-unix-to-urls': LACKING,
  'routing/validate/bad-base64-client-cert': LACKING,
  'routing/legacy/to-ppl-all':
    'Configuration: as in Pomerium, whose Validate refuses this file too, nothing may look like a restriction and be none',
};
