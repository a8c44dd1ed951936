/** Of every route's host. */
export const LOGIN_PATH = '/.pomerium/api/v1/login';
export const TOKEN_PATH = '/.pomerium/api/v1/token';
/** Of the authenticate host. */
export const CONSENT_PATH = '/.pomerium/consent';
