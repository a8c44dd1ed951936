import type { Decision, InputDocument } from '../engine/documents.ts';

/** One line of a decision log. */
export interface LoggedDecision {
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly request_id: string;
  /** The route's name; null for a request that no route took. */
  readonly route: string | null;
  readonly input: InputDocument;
  /** Which headers and claims `input` tells of, those that are not there too; null for all of them. */
  readonly recorded: { readonly headers: readonly string[] | null; readonly claims: readonly string[] | null };
  /** Places in `input` where something else stood, such as `request.query`. */
  readonly masked: readonly string[];
  readonly decision: LoggedOutcome;
}

/** A decision, and of its header actions what they are: a value may be a header of the request, or a secret. */
export interface LoggedOutcome extends Pick<Decision, 'allow' | 'status' | 'reasons'> {
  readonly request_headers: readonly LoggedAction[];
  readonly response_headers: readonly LoggedAction[];
}

export interface LoggedAction {
  readonly action: string;
  readonly name: string;
  /** Of a signed assertion, never the assertion. */
  readonly claims?: object;
  readonly from?: string;
}
