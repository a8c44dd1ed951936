import type { LogFields } from '../log.ts';

/** What the log says of one request. Steps do not see it; it is only ever written to. */
export interface RequestLine {
  readonly requestId: string;
  add(fields: LogFields): void;
  end(status: number): LogFields;
}

/** Begins a request's line; what is never found out stays null. Times in milliseconds. */
export function openRequestLine(requestId: string): RequestLine {
  const started = performance.now();
  const fields: Record<string, LogFields[string]> = {
    request_id: requestId,
    route: null,
    method: null,
    host: null,
    path: null,
    ip: null,
    status: null,
    allow: null,
    reasons: [],
    caller: null,
    caller_type: null,
    session: null,
    original_user: null,
    original_user_error: null,
    error: null,
  };
  return {
    requestId,
    add(more) {
      Object.assign(fields, more);
    },
    end(status) {
      fields['status'] = status;
      fields['duration_ms'] = Math.round((performance.now() - started) * 1000) / 1000;
      return fields;
    },
  };
}
