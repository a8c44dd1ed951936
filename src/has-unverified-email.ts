/** Whether somebody has no email address because their provider says outright that it has not verified it. */
export function hasUnverifiedEmail({
  email,
  claims,
}: {
  readonly email: string;
  readonly claims: Readonly<Record<string, readonly (string | number | boolean | null)[]>>;
}): boolean {
  // Some providers write booleans as text.
  return email === '' && claims['email_verified']?.some((value) => String(value).toLowerCase() === 'false') === true;
}
