import type { LoggedDecision } from '../decision-log/logged-decision.ts';
import type { InputDocument } from '../engine/documents.ts';

/** The input of a line as if what is masked had never been there: no policy takes the mask for a value. */
export function withoutMasked({ input, masked }: LoggedDecision): InputDocument {
  const { headers, query } = input.request;
  const kept = Object.entries(headers).filter(([name]) => !masked.includes(`request.headers.${name}`));
  return {
    ...input,
    request: {
      ...input.request,
      headers: Object.fromEntries(kept),
      query: masked.includes('request.query') ? '' : query,
    },
  };
}
