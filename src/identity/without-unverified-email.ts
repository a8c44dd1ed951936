type Payload = Readonly<Record<string, unknown>>;

/** The claims of a token, less an `email` that its issuer calls unverified: nobody may be known by that (DESIGN "Who calls"). */
export function withoutUnverifiedEmail(payload: Payload): Payload {
  // Some issuers write booleans as text. Whatever else there is, it does not say that the email is verified.
  if ([undefined, true, 'true'].includes(payload['email_verified'] as undefined)) return payload;
  const { email: _, ...others } = payload;
  return others;
}
