import { writeExplanation } from '../explain/write-explanation.ts';
import type { Look } from '../pages/page.ts';
import { type Refused, writeRefusalPage } from '../pages/write-refusal-page.ts';
import type { Answer } from '../sign-in/answer.ts';
import { listRefusalHeaders } from '../sign-in/list-refusal-headers.ts';
import { writeJsonRefusal } from '../sign-in/write-json-refusal.ts';
import type { AnswerForm } from './choose-form.ts';
import type { Explained } from './explain-to-operator.ts';
import type { Refusal } from './refusal.ts';
import { writeGrpcRefusal } from './write-grpc-refusal.ts';

/** What a client may know beside the refusal itself. */
export interface Told extends Pick<Refused, 'asked' | 'caller' | 'originalUser' | 'signInUrl' | 'signOutUrl'> {
  /** Only for an operator. */
  readonly explained: Explained | null;
}

/** Of a request that ended before more was known. */
export const NOTHING_TOLD: Told = {
  asked: null,
  caller: null,
  originalUser: null,
  signInUrl: null,
  signOutUrl: null,
  explained: null,
};

/** A refusal as an answer: to people a page, to programs JSON or gRPC. */
export function writeRefusal(
  refusal: Refusal,
  requestId: string,
  form: AnswerForm,
  look: Look,
  told: Told = NOTHING_TOLD,
): Answer {
  switch (form) {
    case 'html':
      return writeHtml(refusal, requestId, look, told);
    case 'json':
      return writeJsonRefusal(refusal, requestId, {
        signInUrl: told.signInUrl,
        explanation: told.explained?.explanation ?? null,
      });
    default:
      return writeGrpcRefusal(refusal, form);
  }
}

function writeHtml(refusal: Refusal, requestId: string, look: Look, { explained, ...told }: Told): Answer {
  const { status, reasons } = refusal;
  const explanation = explained === null ? null : writeExplanation(explained.explanation, explained.input);
  const page = writeRefusalPage({ status, reasons, requestId, ...told, explanation }, look);
  return { status, headers: [...listRefusalHeaders(refusal), ...page.headers, ['vary', 'accept']], body: page.html };
}
