import { escapeControls } from './escape-controls.ts';

/**
 * Every error that Behalf raises on purpose has one of these codes. The value is the HTTP status with which the
 * proxy answers when such an error ends a request; null where none can.
 */
export const ERROR_STATUS = {
  /** The command line is wrong: exit 2. */
  ERR_USAGE: null,
  /** The configuration cannot be used: `problems` has every place. */
  ERR_CONFIG_INVALID: null,
  /** The address is taken, not ours, or not allowed. */
  ERR_LISTEN_FAILED: null,
  /** OPA's CLI or compiler could not be started or died. */
  ERR_OPA_FAILED: null,
  /** Rego did not compile. */
  ERR_COMPILE_FAILED: null,
  /** No decision could be had, or one that is not a decision document. Never an allow. */
  ERR_ENGINE_FAILED: 503,
  /** What a command was given is no input document, no line of a decision log, or no request that there can be. */
  ERR_INPUT_INVALID: null,
  /** A decision log cannot be read. */
  ERR_LOG_UNREADABLE: null,
  /** A decision asks for something that may not be done (claims that are not this route's and caller's). */
  ERR_ENGINE_DECISION: 503,
  /** What the proxy would add to a request is more than upstreams take, as of a caller in too many groups. */
  ERR_HEADERS_TOO_LARGE: 431,
  /** The request itself cannot be taken: `reason` says why. */
  ERR_REQUEST_MALFORMED: 400,
  ERR_REQUEST_METHOD: 405,
  ERR_REQUEST_TIMEOUT: 408,
  ERR_REQUEST_EXPECTATION: 417,
  ERR_REQUEST_TOO_LARGE: 431,
  ERR_REQUEST_VERSION: 505,
  ERR_REQUEST_UPGRADE: 403,
  /** What was let in, and lasts, would no longer be. */
  ERR_DECISION_CHANGED: 403,
  /** A form for an address of the proxy's own, larger than any of its. */
  ERR_FORM_TOO_LARGE: 413,
  /** It came through another proxy, in development mode. */
  ERR_REQUEST_FORWARDED: 403,
  /** Two header credentials in one request. */
  ERR_CREDENTIAL_AMBIGUOUS: 400,
  /** A credential in one of our forms that is forged, expired, revoked or unknown. */
  ERR_CREDENTIAL_INVALID: 401,
  /** A person whose id may be somebody else's too, or who has the cookies of two sessions. */
  ERR_IDENTITY_AMBIGUOUS: 401,
  /** The keys of the provider, or of a trusted issuer, cannot be had: nothing can be said of who calls, or for whom. */
  ERR_IDENTITY_UNAVAILABLE: 503,
  /** The identity provider did not answer a sign-in, or not as one does. */
  ERR_PROVIDER_UNAVAILABLE: 503,
  /** A sign-in, a sign-out or a hand-over that is not what was begun here: `reason` says why. */
  ERR_SIGN_IN_FAILED: 400,
  /** `behalf login` came to no token. */
  ERR_LOGIN_FAILED: null,
  /** An assertion of an original user that is not valid: `reason` is the `original_user_error`. */
  ERR_ASSERTION_INVALID: null,
  /** Keys or the store under `state_dir` cannot be read or made. */
  ERR_STATE_UNUSABLE: 503,
  ERR_UPSTREAM_UNREACHABLE: 502,
  ERR_UPSTREAM_PROTOCOL: 502,
  ERR_UPSTREAM_TIMEOUT: 504,
  /** A process of `behalf demo` could not do its part. */
  ERR_DEMO_FAILED: null,
  /** The client went away: there is nobody to answer. */
  ERR_CLIENT_GONE: null,
} as const satisfies Record<string, number | null>;

export type ErrorCode = keyof typeof ERROR_STATUS;

/** A place in a file, counted from 1; `file` is as the user gave it, or `env:NAME` with line and column 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with, or worth a warning about, a configuration. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly position: Position;
  readonly message: string;
}

export interface ErrorDetails {
  /** A stable kebab-case code for machines, within the meaning of the error's code. */
  readonly reason?: string;
  readonly problems?: readonly Problem[];
  readonly cause?: unknown;
}

/** The only error class: told apart by `code`, and inside a code by `reason`, never by message. */
export class BehalfError extends Error {
  readonly code: ErrorCode;
  readonly reason: string | null;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'BehalfError';
    this.code = code;
    this.reason = details.reason ?? null;
    this.problems = details.problems ?? [];
  }
}

/** `file:line:column: message` on one line, with the word `warning:` before the message of a warning. */
export function writeProblem(problem: Problem): string {
  const severity = problem.severity === 'warning' ? 'warning: ' : '';
  return escapeControls(`${writePosition(problem.position)}: ${severity}${problem.message}`);
}

/** `file:line:column`, on one line. */
export function writePosition({ file, line, column }: Position): string {
  return `${escapeControls(file)}:${line}:${column}`;
}

/** An error for people: a line a problem, else its message, which may have lines of its own. */
export function writeError({ problems, message }: BehalfError): string {
  const lines = problems.length > 0 ? problems.map(writeProblem) : `behalf: ${message}`.split('\n').map(escapeControls);
  return lines.join('\n');
}
