import type { Decision } from '../engine/documents.ts';
import { BehalfError, ERROR_STATUS } from '../errors.ts';
import type { Refusal } from '../sign-in/list-refusal-headers.ts';

export type { Refusal };

const ERROR_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  495: 'client-certificate',
};

/** @throws BehalfError ERR_ENGINE_DECISION where the decision refuses nothing, so that an allow without a route ends here */
export function refusalOfDecision({ allow, status, reasons }: Decision): Refusal {
  const error = ERROR_OF_STATUS[status];
  if (allow || error === undefined) {
    throw new BehalfError('ERR_ENGINE_DECISION', `allow ${allow} with status ${status} is no refusal`);
  }
  return { status, error, reasons };
}

/** What a client is told of an error; null where there is nobody to tell. An error of nobody's making is a 500. */
export function refusalOfError(error: unknown): Refusal | null {
  if (!(error instanceof BehalfError)) {
    return { status: 500, error: 'internal', reasons: [] };
  }
  if (error.code === 'ERR_CLIENT_GONE') {
    return null;
  }
  return {
    status: ERROR_STATUS[error.code] ?? 500,
    error: error.code.slice('ERR_'.length).replaceAll('_', '-').toLowerCase(),
    reasons: error.reason === null ? [] : [error.reason],
  };
}
