import { Agent, createServer } from 'node:http';
import { argv } from 'node:process';
import { createProxyServer } from 'http-proxy-3';
import { serveUntilDisconnected } from './serve-until-disconnected.ts';

/** http-proxy-3 by itself, with connections to the upstream that are kept alive: `node bench/bare-proxy.ts URL`. */
const proxy = createProxyServer({ target: argv[2] ?? '', agent: new Agent({ keepAlive: true }) });
const server = createServer((request, response) => {
  void proxy.web(request, response);
});
server.keepAliveTimeout = 120_000;
await serveUntilDisconnected(server);
