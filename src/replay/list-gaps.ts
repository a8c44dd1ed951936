import type { LoggedDecision } from '../decision-log/logged-decision.ts';
import type { RouteReads } from '../reads.ts';

const SIDES = ['caller', 'original_user'];
/** What every policy may read of them. */
const WHO = SIDES.flatMap((side) =>
  ['id', 'email', 'name', 'groups', 'issuer', 'audience'].map((fact) => `${side}.${fact}`),
);

/** What a policy reads, and a line does not tell. */
export interface Gaps {
  /** It reads these, such as `claim "department"` or `request.query`. */
  readonly missing: readonly string[];
  /** It may read these, such as `headers`; nobody can say before it does. */
  readonly unsure: readonly string[];
}

/** @param reads what the policy can read; undefined where that may be everything */
export function listGaps({ input, recorded, masked }: LoggedDecision, reads: RouteReads | undefined): Gaps {
  const isMasked = (place: string): boolean => masked.some((each) => each === place || each.startsWith(`${place}.`));
  const { caller, original_user } = input;
  const hasClaims = caller !== null || original_user !== null;

  if (reads === undefined) {
    const lacksHeaders = recorded.headers !== null || isMasked('request.headers');
    const others = masked.filter((place) => !place.startsWith('request.headers.'));
    return {
      missing: [],
      unsure: [
        ...(lacksHeaders ? ['headers'] : []),
        ...(hasClaims && recorded.claims !== null ? ['claims'] : []),
        ...others,
      ],
    };
  }

  const facts = [...reads.request.map((name) => `request.${name}`), ...WHO].filter(isMasked);
  const headers = reads.headers.filter(
    (name) => recorded.headers?.includes(name) === false || isMasked(`request.headers.${name}`),
  );
  const claims = reads.claims.filter(
    (name) =>
      (hasClaims && recorded.claims?.includes(name) === false) ||
      SIDES.some((side) => isMasked(`${side}.claims.${name}`)),
  );
  return {
    missing: [
      ...facts,
      ...headers.map((name) => `header ${JSON.stringify(name)}`),
      ...claims.map((name) => `claim ${JSON.stringify(name)}`),
    ],
    unsure: [],
  };
}
