import type { ServerResponse } from 'node:http';

/** Whether the client has been sent a part of the answer: what follows could only be taken for more of it. */
export function hasBegun(response: ServerResponse): boolean {
  // The head of a 101 is written past the response.
  return response.headersSent || response.statusCode === 101;
}
