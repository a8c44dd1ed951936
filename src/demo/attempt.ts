import { SERVICE, SERVICES, type ServiceName } from './scenario.ts';
import { type Answer, sendRequest } from './send-request.ts';
import type { Sightings, Stage } from './stage.ts';

export interface Attempt {
  /** What the table calls it. */
  readonly what: string;
  readonly to: ServiceName;
  /** The headers that say who sends it. */
  readonly credential: Readonly<Record<string, string>>;
  readonly assertion?: string;
  readonly assertionFor?: string;
}

export interface Outcome {
  /** The status and, of a denial, what the proxy gives as its reason: `403 domain-unauthorized`. */
  readonly answer: string;
  /** Who the first service that it reached took it for: `nothing` where it reached none, `alice`, `app for alice`. */
  readonly reached: string;
  readonly saw: Sightings;
}

/** Sends one request to the proxy, then asks every service what it saw of it. */
export async function attempt(stage: Stage, { to, credential, assertion, assertionFor }: Attempt): Promise<Outcome> {
  const presented = { 'X-Pomerium-Jwt-Assertion': assertion, 'X-Pomerium-Jwt-Assertion-For': assertionFor };
  const headers = { Accept: 'application/json', ...credential, ...presented };
  const answer = await sendRequest({ address: stage.proxy, host: SERVICE[to].host, headers });
  const saw = await stage.takeSightings();
  return { answer: writeAnswer(answer), reached: writeReached(saw), saw };
}

function writeAnswer({ status, body }: Answer): string {
  if (status < 400) return String(status);
  const { error, reasons = [] } = JSON.parse(body) as { error: string; reasons?: string[] };
  return `${status} ${reasons.join(' ') || error}`;
}

function writeReached(saw: Sightings): string {
  const first = SERVICES.flatMap((name) => saw[name])[0];
  if (first === undefined) return 'nothing';
  if (first.identities === null) return 'no proof';
  const { caller, originalUser } = first.identities;
  return originalUser === null ? caller.id : `${caller.id} for ${originalUser.id}`;
}
