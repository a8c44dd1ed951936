// An app behind the proxy that runs the page's snippet. Every server in this folder reads JWKS_URL, HOST and
// ACTS_FOR_USERS_OF, prints `listening on URL`, and answers with who calls, on whose behalf, or a refusal.
import { createServer } from 'node:http';
import { createVerifier, Refused } from './verify-headers.mjs';

const { JWKS_URL: jwksUrl, HOST: host, ACTS_FOR_USERS_OF: hosts } = process.env;
const verifyHeaders = createVerifier({ jwksUrl, host, actsForUsersOf: hosts.split(',').filter(Boolean) });

const server = createServer(async (request, response) => {
  try {
    const { caller, originalUser } = await verifyHeaders(request);
    response.end(JSON.stringify({ caller: caller.sub, originalUser: originalUser?.sub ?? null }));
  } catch (error) {
    console.error(error.message);
    response.writeHead(error instanceof Refused ? 403 : 503).end();
  }
});
server.listen(0, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${server.address().port}`));
process.on('disconnect', () => process.exit());
