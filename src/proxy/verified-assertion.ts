import type { OriginalUser } from '../engine/documents.ts';
import type { Identity, Presentation } from '../identity/open-identity.ts';

/**
 * An incoming assertion together with whom it was found to state. Only `verify` makes one, so that a token which was not
 * verified cannot be carried.
 */
export class VerifiedAssertion {
  readonly #token: string;
  readonly user: OriginalUser;

  private constructor(token: string, user: OriginalUser) {
    this.#token = token;
    this.user = user;
  }

  /** @throws BehalfError ERR_ASSERTION_INVALID whose reason is an OriginalUserError */
  static async verify(
    identity: Pick<Identity, 'verifyAssertion'>,
    token: string,
    presentation: Presentation,
  ): Promise<VerifiedAssertion> {
    return new VerifiedAssertion(token, await identity.verifyAssertion(token, presentation));
  }

  /** The token, byte for byte as it came. */
  get token(): string {
    return this.#token;
  }
}
