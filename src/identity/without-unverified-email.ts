type Payload = Readonly<Record<string, unknown>>;

/** Some issuers write booleans as text. Whatever else there is, it does not say that the email is verified. */
const VERIFIED: readonly unknown[] = [undefined, true, 'true'];

/** The claims of a token, less an `email` that its issuer calls unverified: nobody may be known by that (DESIGN "Who calls"). */
export function withoutUnverifiedEmail(payload: Payload): Payload {
  if (VERIFIED.includes(payload['email_verified'])) return payload;
  const { email: _, ...others } = payload;
  return others;
}
