import type { Decision, InputDocument } from '../engine/documents.ts';
import { narrowInput } from '../engine/narrow-input.ts';
import { escapeControls } from '../escape-controls.ts';
import { MASK, mayHoldToken } from '../hide-tokens.ts';
import type { RouteReads } from '../reads.ts';
import type { LoggedAction, LoggedDecision } from './logged-decision.ts';
import { maskQuery } from './mask-query.ts';
import { maskTokens } from './mask-tokens.ts';

export interface Decided {
  readonly requestId: string;
  readonly input: InputDocument;
  readonly decision: Decision;
}

/** What lines hold beyond what the route's policy reads. */
export interface Extras {
  /** Lower-case. */
  readonly headers: readonly string[];
  readonly claims: readonly string[];
}

type Recording = Pick<LoggedDecision, 'input' | 'recorded'> & { readonly masked: string[] };

/**
 * One decision as a line of JSON, its end included. Whatever a client sent, it is one line, and no header is in it that
 * the policy does not read, no value of a query, no cookie, no credential, no token.
 *
 * @param reads undefined for a route whose policy may read everything: then its headers are masked but for `extras`
 */
export function writeLine(
  { requestId, input, decision }: Decided,
  reads: RouteReads | undefined,
  extras: Extras,
): string {
  const recording = reads === undefined ? maskHeaders(input, extras) : narrow(input, reads, extras);
  const { recorded, masked } = recording;
  const { request } = recording.input;
  if (request.query !== '') masked.push('request.query');
  const line: LoggedDecision = {
    time: new Date(input.time_ns / 1e6).toISOString(),
    request_id: requestId,
    route: input.route.id === '' ? null : input.route.name,
    input: { ...recording.input, request: { ...request, query: maskQuery(request.query) } },
    recorded,
    masked,
    decision: {
      allow: decision.allow,
      status: decision.status,
      reasons: decision.reasons,
      request_headers: decision.request_headers.map(withoutValue),
      response_headers: decision.response_headers.map(withoutValue),
    },
  };
  const json = JSON.stringify(line);
  return `${escapeControls(mayHoldToken(json) ? JSON.stringify(withoutTokens(line)) : json)}\n`;
}

function withoutTokens(line: LoggedDecision): LoggedDecision {
  const { value } = maskTokens(line);
  return { ...value, masked: [...value.masked, ...maskTokens(line.input).places] };
}

function narrow(input: InputDocument, reads: RouteReads, extras: Extras): Recording {
  const headers = [...new Set([...reads.headers, ...extras.headers])];
  const claims = [...new Set([...reads.claims, ...extras.claims])];
  return {
    input: narrowInput(input, { request: reads.request, headers, claims }),
    recorded: { headers, claims },
    masked: [],
  };
}

/** The names of all headers stay: of one that was not there a policy can learn nothing else. */
function maskHeaders(input: InputDocument, extras: Extras): Recording {
  const masked = Object.keys(input.request.headers).filter((name) => !extras.headers.includes(name));
  const hidden = Object.fromEntries(masked.map((name) => [name, [MASK]]));
  return {
    input: { ...input, request: { ...input.request, headers: { ...input.request.headers, ...hidden } } },
    recorded: { headers: null, claims: null },
    masked: masked.map((name) => `request.headers.${name}`),
  };
}

function withoutValue(action: LoggedAction): LoggedAction {
  const { action: kind, name, claims, from } = action;
  return { action: kind, name, ...(claims && { claims }), ...(from && { from }) };
}
