import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import type { RawHeaders } from './header.ts';
import { readTrailers } from './read-trailers.ts';

/** Ends an upstream's answer, with its trailers where the answer is in chunks; calls `onSent` when the client has it all. */
export function endAnswer(
  response: ServerResponse,
  { isReserved, editResponseHeaders }: Exchange,
  rawTrailers: RawHeaders,
  onSent: () => void,
): void {
  if (rawTrailers.length > 0) {
    const trailers = readTrailers(rawTrailers, isReserved);
    // What the decision sets or removes does not come back behind the body.
    const kept = new Set(editResponseHeaders(trailers));
    response.addTrailers(
      trailers.filter((trailer) => kept.has(trailer)).map(([name, value]) => [name, value] as const),
    );
  }
  // By then what came with the end has been written, and where its length is known nothing is left to write.
  process.nextTick(() => response.end(onSent));
}
