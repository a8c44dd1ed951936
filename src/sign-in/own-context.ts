import type { AssertionClaims, Caller, OriginalUser, OriginalUserError } from '../engine/documents.ts';
import type { Session } from '../session/session.ts';
import type { Answer } from './answer.ts';
import type { OwnRequest } from './own-request.ts';

/** Who sends a request for an own page, by whatever credential, and what upstreams learn of them. */
export interface WhoAmI {
  readonly caller: Caller | null;
  /** The session whose cookie says who they are; null where something else does. */
  readonly session: Session | null;
  readonly originalUser: OriginalUser | null;
  readonly originalUserError: OriginalUserError | null;
  /** What the host's route would sign about the caller; null where it signs nothing (no route, or none that lets them pass). */
  readonly claims: AssertionClaims | null;
  /** Why the host's first page is not for them; empty where it is. */
  readonly refusedFor: readonly string[];
}

/** What only the proxy knows of a request. */
export interface OwnContext {
  readonly requestId: string;
  /** Rejects with what a request for a route ends with: a bad credential, a store that cannot be read. */
  whoAmI(): Promise<WhoAmI>;
}

/** A part of the proxy's own addresses; null for what is none of them. */
export interface OwnEndpoints {
  answer(request: OwnRequest, context: OwnContext): Promise<Answer | null>;
}
