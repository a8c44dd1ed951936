import type { ServerResponse } from 'node:http';
import type { Explained } from './explain-to-operator.ts';
import { prefersHtml } from './prefers-html.ts';
import type { Refusal } from './refusal.ts';
import { respond } from './respond.ts';
import { writeRefusal } from './write-refusal.ts';

/** Tells the client that its request ends here, in HTML if it would rather have that. */
export function respondRefusal(
  response: ServerResponse,
  requestId: string,
  refusal: Refusal,
  explained: Explained | null = null,
): void {
  respond(response, requestId, writeRefusal(refusal, requestId, prefersHtml(response.req.headers.accept), explained));
}
