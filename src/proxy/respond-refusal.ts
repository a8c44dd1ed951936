import type { ServerResponse } from 'node:http';
import { prefersHtml } from './prefers-html.ts';
import type { Refusal } from './refusal.ts';
import { respond } from './respond.ts';
import { writeRefusal } from './write-refusal.ts';

/** Tells the client that its request ends here, in HTML if it would rather have that. */
export function respondRefusal(response: ServerResponse, requestId: string, refusal: Refusal): void {
  respond(response, requestId, writeRefusal(refusal, requestId, prefersHtml(response.req.headers.accept)));
}
