/**
 * Cases of ../shared/conformance whose outcome here is another one. Each is also a promise: a case that comes out as in
 * Pomerium after all must leave this list, or its test fails.
 */

/** On purpose: the case's id and the rule of DESIGN. */
export const ON_PURPOSE: Readonly<Record<string, string>> = {
  'derived/anon-email-not-in':
    'On purpose 2: session criteria are false, with user-unauthenticated, when nobody is signed in',
  'derived/anon-claim-exclude':
    'On purpose 2: session criteria are false, with user-unauthenticated, when nobody is signed in',
  'derived/anon-email-empty-object': 'On purpose 3: an empty matcher is an error at load',
  'derived/claim-no-subpath': 'On purpose 3: an empty claim name is an error at load',
  'derived/claim-has-array-never-matches': 'On purpose 3: a list where a matcher is due is an error at load',
  'criteria/matchers/string-list/null': 'On purpose 3: a list where a matcher is due is an error at load',
  'derived/groups-no-directory-record-exclude':
    'On purpose 15 and Details: one list of groups, the provider\'s; "exclude" on an empty list holds for a signed-in caller',
  'parse/derived/duplicate-key-last-wins':
    'Configuration: positions point, for a duplicate, to the second: it is an error',
};

const SOURCE_IP = 'source_ip';
const CLIENT_CERTIFICATE = 'client_certificate';
const INVALID_CLIENT_CERTIFICATE = 'invalid_client_certificate';

/** Later: the case's id and the criterion of the policy language that it needs. */
export const LATER: Readonly<Record<string, string>> = {
  'criteria/sourceips/single-ipv4-match': SOURCE_IP,
  'criteria/sourceips/single-ipv6-match': SOURCE_IP,
  'criteria/sourceips/list-of-ips-match': SOURCE_IP,
  'criteria/sourceips/list-of-ips-no-match': SOURCE_IP,
  'criteria/sourceips/ipv4-mapped-ipv6-range': SOURCE_IP,
  'criteria/sourceips/invalid-ip-address': SOURCE_IP,
  'criteria/sourceips/invalid-input-type': SOURCE_IP,
  'criteria/sourceips/invalid-list-element-type': SOURCE_IP,
  'derived/source-ip-empty': SOURCE_IP,
  'criteria/client-certificate/no-dns-match': CLIENT_CERTIFICATE,
  'criteria/client-certificate/uri-match': CLIENT_CERTIFICATE,
  'criteria/client-certificate/canonical-fingerprint/object': CLIENT_CERTIFICATE,
  'criteria/client-certificate/canonical-fingerprint/uppercase-short': CLIENT_CERTIFICATE,
  'criteria/client-certificate/canonical-fingerprint/valid-short': CLIENT_CERTIFICATE,
  'criteria/client-certificate/canonical-fingerprint/lowercase-long': CLIENT_CERTIFICATE,
  'criteria/client-certificate/canonical-fingerprint/valid-long': CLIENT_CERTIFICATE,
  'criteria/client-certificate/spki-format/valid': CLIENT_CERTIFICATE,
  'parse/derived/client-certificate-string': CLIENT_CERTIFICATE,
  'criteria/invalid-client-certificate/not-presented': INVALID_CLIENT_CERTIFICATE,
  'criteria/invalid-client-certificate/invalid': INVALID_CLIENT_CERTIFICATE,
};
