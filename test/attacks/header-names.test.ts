import { type Attack, asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const app = asApp(stage);
const token = stage.assertion();
const FOR = 'X-Pomerium-Jwt-Assertion-For';
const ASSERTION = 'X-Pomerium-Jwt-Assertion';

/** A spelling of a reserved name, with an honest token: nothing of it is read, and nothing reaches the upstream. */
const alias = (name: string, honest: string): Attack => ({
  attack: ask('api', 'GET /', app, `${name}: ${token}`),
  answers: '200',
  seen: 'api: GET / by api-access',
  twin: ask('api', 'GET /', app, `${honest}: ${token}`),
  twinSeen: 'api: GET / by api-access for alice',
});

playAttacks(stage, 'other spellings of the two headers', {
  'underscores, which CGI makes of hyphens': alias('X_Pomerium_Jwt_Assertion_For', FOR),
  'one underscore': alias('X-Pomerium-Jwt-Assertion_For', FOR),
  'a dot, which PHP makes an underscore': alias('x-pomerium-jwt.assertion-for', FOR),
  'other marks that a name may hold': alias("X!Pomerium'Jwt~Assertion", ASSERTION),
  'capitals and underscores': alias('X_POMERIUM_JWT_ASSERTION', ASSERTION),
});

/** A claim header of the client's own; its twin has a name that is nobody's. */
const claim = (name: string): Attack => ({
  attack: ask('api', 'GET /', app, `${name}: root@companydomain.com`),
  answers: '200',
  seen: 'api: GET / by api-access',
  twin: ask('api', 'GET /', app, 'X-Team-Email: root@companydomain.com'),
  twinSeen: 'api: GET / by api-access [x-team-email: root@companydomain.com]',
});

playAttacks(stage, 'claim headers', {
  'as the proxy spells them': claim('X-Pomerium-Claim-Email'),
  'with underscores': claim('X_Pomerium_Claim_Email'),
  'in capitals': claim('X-POMERIUM-CLAIM-GROUPS'),
  'of a claim that nobody knows': claim('x-pomerium-claim-any.thing'),
  'of no claim': claim('X-Pomerium-Claim-'),
});

/** A line that no parser may take for the header, nor for anything else; its twin is the header itself. */
const broken = (line: string): Attack => ({
  attack: ask('api', 'GET /', app, line),
  answers: '400 request-malformed syntax',
  twin: ask('api', 'GET /', app, `${FOR}: ${token}`),
  twinSeen: 'api: GET / by api-access for alice',
});

playAttacks(stage, 'broken header lines', {
  'a space before the colon': broken(`${FOR} : ${token}`),
  'a name that is not ASCII': broken(`X-Pomerium-Jwt-Ässertion-For: ${token}`),
  'NUL in the value': broken(`${FOR}: \0${token}`),
  'a bare CR, and a header behind it': broken(`X-Team: blue\r${FOR}: ${token}`),
  'a line without a name': broken(`: ${token}`),
});

playAttacks(stage, 'lines that end otherwise', {
  'a folded value': {
    attack: ask('api', 'GET /', app, `${FOR}:`, ` ${token}`),
    answers: '400 request-malformed syntax',
    twin: ask('api', 'GET /', app, `${FOR}:  ${token}`),
    twinSeen: 'api: GET / by api-access for alice',
  },
  'a header that hides in a folded line': {
    attack: ask('api', 'GET /', app, 'X-Team: blue', `\t${FOR}: ${token}`),
    answers: '400 request-malformed syntax',
    twin: ask('api', 'GET /', app, 'X-Team: blue', `${FOR}: ${token}`),
    twinSeen: 'api: GET / by api-access for alice [x-team: blue]',
  },
  'a header behind a bare LF': {
    attack: ask('api', 'GET /', app, `X-Team: blue\n${FOR}: ${token}`),
    answers: '400 request-malformed syntax',
    twin: ask('api', 'GET /', app, 'X-Team: blue', `${FOR}: ${token}`),
    twinSeen: 'api: GET / by api-access for alice [x-team: blue]',
  },
  'a space in front of the first header': {
    attack: ask('api', 'GET /', app).replace('Host:', ' Host:'),
    answers: '400 request-malformed syntax',
    twin: ask('api', 'GET /', app),
    twinSeen: 'api: GET / by api-access',
  },
});

const account = { twin: ask('api', 'GET /', app), twinSeen: 'api: GET / by api-access' };
const forAlice = {
  twin: ask('api', 'GET /', app, `${ASSERTION}: ${token}`),
  twinSeen: 'api: GET / by api-access for alice',
};
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: open.localhost\r\n\r\n';

playAttacks(stage, 'names in Connection', {
  "the proxy's own Assertion": {
    attack: ask('api', 'GET /', app, `Connection: ${ASSERTION}`),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...account,
  },
  'a -For that a proxy on the way should drop': {
    attack: ask('api', 'GET /', app, `${FOR}: forged`, `${ASSERTION}: ${token}`, `Connection: ${FOR.toLowerCase()}`),
    answers: '200',
    seen: 'api: GET / by api-access for alice',
    ...forAlice,
  },
  'the credential': {
    attack: ask('api', 'GET /', app, 'Connection: keep-alive, authorization'),
    answers: '401 unauthenticated user-unauthenticated',
    ...account,
  },
  'the host': {
    attack: ask('api', 'GET /', app, 'Connection: Host'),
    answers: '400 request-malformed connection',
    ...account,
  },
  'the length of a body that is a request': {
    attack: ask('api', 'POST /', app, `Content-Length: ${smuggled.length}`, 'Connection: content-length') + smuggled,
    answers: '400 request-malformed connection',
    twin: ask('api', 'POST /', app, `Content-Length: ${smuggled.length}`) + smuggled,
    twinSeen: `api: POST / by api-access ${JSON.stringify(smuggled)}`,
  },
});

playAttacks(stage, 'what the proxy itself says of a client', {
  'in Connection, so that it is not said': {
    attack: ask('api', 'GET /', app, 'Connection: x-forwarded-for, x-request-id, x-forwarded-host'),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...account,
  },
  'another address': {
    attack: ask('api', 'GET /', app, 'X-Forwarded-For: 10.0.0.1', 'X_Forwarded_For: 10.0.0.1'),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...account,
  },
  'another host and scheme': {
    attack: ask('api', 'GET /', app, 'X-Forwarded-Host: boss.localhost', 'X-Forwarded-Proto: https'),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...account,
  },
  'another user': {
    attack: ask('api', 'GET /', app, 'Forwarded: for=10.0.0.1;host=boss.localhost', 'X-Forwarded-User: boss'),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...account,
  },
  'another request id': {
    attack: ask('api', 'GET /', app, 'X-Request-Id: 00000000-0000-0000-0000-000000000000'),
    answers: '200',
    seen: 'api: GET / by api-access',
    ...account,
  },
});

const chunked = (head: string, ...trailers: string[]) =>
  `${head}4\r\nbody\r\n0\r\n${trailers.map((line) => `${line}\r\n`).join('')}\r\n`;
const withTrailer = (trailer: string): Attack => ({
  attack: chunked(ask('api', 'POST /', app, 'Transfer-Encoding: chunked', 'TE: trailers', 'Trailer: X-Any'), trailer),
  answers: '200',
  seen: 'api: POST / by api-access "body"',
  twin: chunked(ask('api', 'POST /', app, 'Transfer-Encoding: chunked')),
  twinSeen: 'api: POST / by api-access "body"',
});

playAttacks(stage, 'trailers', {
  'a -For': {
    ...withTrailer(`${FOR}: ${token}`),
    twin: chunked(ask('api', 'POST /', app, 'Transfer-Encoding: chunked', `${FOR}: ${token}`)),
    twinSeen: 'api: POST / by api-access for alice "body"',
  },
  'a claim header': withTrailer('X-Pomerium-Claim-Email: root@companydomain.com'),
  // Found while the body is read, which ends the connection with this answer.
  'another length': { ...withTrailer('Content-Length: 0'), answers: '400 request-malformed syntax', seen: [] },
  'a credential that the head lacks': {
    attack: chunked(ask('api', 'POST /', 'Transfer-Encoding: chunked', 'Trailer: Authorization'), app),
    answers: '401 unauthenticated user-unauthenticated',
    twin: chunked(ask('api', 'POST /', 'Transfer-Encoding: chunked', app)),
    twinSeen: 'api: POST / by api-access "body"',
  },
});

strikeStage(stage);
