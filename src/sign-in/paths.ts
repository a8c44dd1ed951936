/** Of every host. */
export const SIGN_IN_PATH = '/.pomerium/sign_in';
export const HAND_OVER_PATH = '/.pomerium/callback/';
export const SIGN_OUT_PATH = '/.pomerium/sign_out';
/** Of the authenticate host; the first is where the provider sends browsers back to. */
export const CALLBACK_PATH = '/oauth2/callback';
export const SIGNED_OUT_PATH = '/.pomerium/signed_out';
export const BACKCHANNEL_PATH = '/.pomerium/backchannel_logout';
