import type { IncomingHttpHeaders } from 'node:http';
import { prefersHtml } from '../prefers-html.ts';

/** What kind of client an answer of the proxy's own is for. */
export type AnswerForm = 'html' | 'json' | 'grpc' | 'grpc-web';

/** What a client can read: gRPC, as it says of its own message; HTML, if it would rather have that; else JSON. */
export function chooseForm({
  accept,
  'content-type': type = '',
}: Pick<IncomingHttpHeaders, 'accept' | 'content-type'>): AnswerForm {
  const [, grpc] = /^application\/(grpc(?:-web)?)/i.exec(type.trim()) ?? [];
  if (grpc !== undefined) return grpc.length === 'grpc'.length ? 'grpc' : 'grpc-web';
  return prefersHtml(accept) ? 'html' : 'json';
}
