import { parseCompactJws } from '../identity/parse-compact-jws.ts';
import { ASSERTION } from '../identity/token-kinds.ts';

/**
 * What a service account brought where the configuration says `original_user: unverified`: well-formed, and nothing else
 * is known of it. A type of its own, so that it is never taken for a `VerifiedAssertion`.
 */
export class UnverifiedAssertion {
  readonly #token: string;

  private constructor(token: string) {
    this.#token = token;
  }

  /** Null for what is no compact JWS of at most 8 KiB. */
  static parse(token: string): UnverifiedAssertion | null {
    return parseCompactJws(token, ASSERTION.maxLength) === null ? null : new UnverifiedAssertion(token);
  }

  /** The token, byte for byte as it came. */
  get token(): string {
    return this.#token;
  }
}
