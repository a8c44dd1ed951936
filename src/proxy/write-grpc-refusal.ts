import type { Answer } from '../sign-in/answer.ts';
import { listRefusalHeaders } from '../sign-in/list-refusal-headers.ts';
import type { Refusal } from './refusal.ts';

/** Pomerium's table (authorize/check_response.go): gRPC's codes by HTTP status. */
const CODES: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};
const UNKNOWN = 2;

/** A refusal as clients of gRPC and gRPC-Web read it: all of it in headers, and the HTTP status as it is. */
export function writeGrpcRefusal(refusal: Refusal, form: 'grpc' | 'grpc-web'): Answer {
  const { status, error } = refusal;
  return {
    status,
    headers: [
      ...listRefusalHeaders(refusal),
      ['content-type', `application/${form}+json`],
      ['grpc-status', String(CODES[status] ?? UNKNOWN)],
      ['grpc-message', error],
    ],
    body: '',
  };
}
