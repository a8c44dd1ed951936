import type { Answer } from './answer.ts';
import type { OwnContext } from './own-context.ts';
import type { OwnRequest } from './own-request.ts';

/** One of the proxy's own addresses. */
export interface Endpoint {
  readonly methods: readonly ('GET' | 'HEAD' | 'POST')[];
  /** Null where what is there for others is not there for this request. */
  answer(request: OwnRequest, context: OwnContext): Answer | null | Promise<Answer | null>;
}

/** The answer of an endpoint, which sees no method but its own. */
export async function answerEndpoint(
  endpoint: Endpoint,
  request: OwnRequest,
  context: OwnContext,
): Promise<Answer | null> {
  const { methods } = endpoint;
  if (methods.some((method) => method === request.method)) return await endpoint.answer(request, context);
  return { status: 405, headers: [['allow', methods.join(', ')]], body: '' };
}
