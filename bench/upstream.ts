import { createServer, type Server } from 'node:http';
import { serveUntilDisconnected } from './serve-until-disconnected.ts';

const BODY = JSON.stringify({ report: 7, lines: 'x'.repeat(1000) });

/** An API that has its answer ready; what `/echo` is asked with comes back, so that the bench learns its assertions. */
const server: Server = createServer((request, response) => {
  const body = request.url === '/echo' ? JSON.stringify(request.headers) : BODY;
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
});
server.keepAliveTimeout = 120_000;
await serveUntilDisconnected(server);
