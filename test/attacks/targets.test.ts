import { type Attack, asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const app = asApp(stage);
const honest = { twin: ask('api', 'GET /', app), twinSeen: 'api: GET / by api-access' };
const withHost = (host: string, ...lines: string[]) =>
  ask('api', 'GET /', ...lines).replace('Host: api.localhost', host);

playAttacks(stage, 'hosts', {
  'a target at another host than Host': {
    attack: ask('api', 'GET http://open.localhost/', app),
    answers: '400 request-malformed target',
    twin: ask('api', 'GET http://api.localhost/', app),
    twinSeen: 'api: GET / by api-access',
  },
  'two hosts': {
    attack: withHost('Host: open.localhost\r\nHost: api.localhost', app),
    answers: '400 request-malformed host',
    ...honest,
  },
  'a host as user information': {
    attack: withHost('Host: open.localhost@api.localhost', app),
    answers: '400 request-malformed host',
    ...honest,
  },
  none: { attack: withHost('X-Host: api.localhost', app), answers: '400 request-malformed host', ...honest },
  'in capitals, with a dot and a port, and no credential': {
    attack: withHost('Host: API.Localhost.:8080'),
    answers: '401 unauthenticated user-unauthenticated',
    twin: withHost('Host: API.Localhost.:8080', app),
    twinSeen: 'api: GET / by api-access',
  },
});

playAttacks(stage, 'targets', {
  'user information in the target': {
    attack: ask('api', 'GET http://open.localhost@api.localhost/', app),
    answers: '400 request-malformed target',
    ...honest,
  },
  'a target that only looks absolute': {
    attack: ask('api', 'GET http:/open.localhost/', app),
    answers: '400 request-malformed syntax',
    ...honest,
  },
  'a target at another scheme': {
    attack: ask('api', 'GET file://api.localhost/etc/passwd', app),
    answers: '400 request-malformed target',
    ...honest,
  },
  'a fragment': { attack: ask('api', 'GET /?a#/../b', app), answers: '400 request-malformed target', ...honest },
  'an asterisk': { attack: ask('api', 'OPTIONS *', app), answers: '400 request-malformed target', ...honest },
});

/** Everybody may see docs.localhost but for what begins with /admin. */
const denied = (path: string): Attack => ({
  attack: ask('docs', `GET ${path}`),
  answers: '403 forbidden http-path-ok',
  twin: ask('docs', 'GET /public/page'),
  twinSeen: 'docs: GET /public/page by nobody',
});

playAttacks(stage, 'paths that come to another', {
  'encoded dots': denied('/public/%2e%2e/admin'),
  'an encoded letter': denied('/%61dmin'),
  'two slashes': denied('//admin'),
  'dots below the root': denied('/../../admin'),
  "behind the proxy's own": denied('/.pomerium/../admin'),
});

const twofold = (path: string): Attack => ({ ...denied(path), answers: '400 request-malformed path' });

playAttacks(stage, 'paths with two readings', {
  'an encoded slash': twofold('/%2Fadmin'),
  'an encoded backslash': twofold('/public%5C..%5Cadmin'),
  'a parameter on dots': twofold('/public/..;x=1/admin'),
  'an encoded parameter on dots': twofold('/public/..%3bx/admin'),
  NUL: twofold('/public%00/../admin'),
});

playAttacks(stage, 'paths with two readings to servers that cut parameters off, or lines', {
  'a parameter on nothing': twofold('/;x/admin'),
  'an encoded parameter on nothing': twofold('/%3Bx/admin'),
  'a line end, which ends what a dot matches': {
    attack: ask('files', 'GET /secret/x%0A'),
    answers: '400 request-malformed path',
    twin: ask('files', 'GET /public/x'),
    twinSeen: 'files: GET /public/x by nobody',
  },
  'a delete': twofold('/admin%7F'),
});

/** /v1/admin is denied, and /v1 is cut off on the way. */
const versioned = (path: string): Attack => ({
  attack: ask('version', `GET ${path}`),
  answers: '400 request-malformed path-rewrite',
  twin: ask('version', 'GET /v1/page'),
  twinSeen: 'version: GET /page by nobody',
});

playAttacks(stage, 'segments that a rewrite would cut in two', {
  'a name': versioned('/v1admin'),
  dots: versioned('/v1../admin'),
  'encoded dots': versioned('/v1%2e%2e/admin'),
  'a parameter': versioned('/v1;/admin'),
  'the honest way in': { ...versioned('/v1/admin'), answers: '403 forbidden http-path-ok' },
});

const otherSpelling = (host: string): Attack => ({
  attack: ask('api', 'GET /').replace('Host: api.localhost', `Host: ${host}`),
  answers: '400 request-malformed host',
  twin: ask('api', 'GET /', app).replace('Host: api.localhost', 'Host: 127.0.0.1'),
  twinSeen: 'loopback: GET / by nobody',
});

playAttacks(stage, 'other spellings of an address, which a wildcard would take', {
  'two parts': otherSpelling('127.1'),
  octal: otherSpelling('127.0.0.01'),
  hexadecimal: otherSpelling('127.0.0.0x1'),
  'a dot at the end': otherSpelling('127.0.0.1.'),
  'with a port': otherSpelling('127.1:80'),
});

playAttacks(stage, 'paths that are no text', {
  'dots in overlong UTF-8': twofold('/public/%c0%ae%c0%ae/admin'),
  'a slash in overlong UTF-8': twofold('/public/..%c0%afadmin'),
  'an escape of half a digit': twofold('/%6/admin'),
  'an escape as JavaScript has it': twofold('/%u0061dmin'),
  'raw bytes beyond ASCII': { ...twofold('/public/\xc0\xae\xc0\xae/admin'), answers: '400 request-malformed syntax' },
});

/** /public/ of wiki.localhost is everybody's, and /pub/ upstream; all the rest is App's service account's. */
const rewritten = (path: string, answers: string): Attack => ({
  attack: ask('wiki', `GET ${path}`),
  answers,
  twin: ask('wiki', 'GET /public/page'),
  twinSeen: 'wiki: GET /pub/page by nobody',
});

playAttacks(stage, 'ways out of a prefix', {
  dots: rewritten('/public/../private', '401 unauthenticated user-unauthenticated'),
  'encoded dots': rewritten('/public/%2E%2e/private', '401 unauthenticated user-unauthenticated'),
  'dots and an encoded slash': rewritten('/public/..%2fprivate', '400 request-malformed path'),
  'dots, encoded twice': {
    ...rewritten('/public/%252e%252e/private', '200'),
    seen: 'wiki: GET /pub/%252e%252e/private by nobody',
  },
  'a question mark, encoded': {
    ...rewritten('/public/..%3f/../../private', '401 unauthenticated user-unauthenticated'),
  },
});

const secondOpinion = (...lines: string[]): Attack => ({
  attack: ask('docs', 'GET /public/page', ...lines),
  answers: '200',
  seen: 'docs: GET /public/page by nobody',
  twin: ask('docs', 'GET /public/page', 'X-Team: blue'),
  twinSeen: 'docs: GET /public/page by nobody [x-team: blue]',
});

playAttacks(stage, 'headers that name another path, method or program', {
  'X-Original-URL': secondOpinion('X-Original-URL: /admin', 'X_Original_Url: /admin'),
  'X-Rewrite-URL': secondOpinion('X-Rewrite-URL: /admin'),
  'X-HTTP-Method-Override': secondOpinion('X-HTTP-Method-Override: DELETE'),
  'X-Forwarded-Prefix and -Uri': secondOpinion('X-Forwarded-Prefix: /admin', 'X-Forwarded-Uri: /admin'),
  'Proxy, which CGI makes HTTP_PROXY of': secondOpinion('Proxy: http://evil.example'),
});

playAttacks(stage, 'headers that name another method or client', {
  'X-HTTP-Method': secondOpinion('X-HTTP-Method: DELETE'),
  'X-Method-Override': secondOpinion('X-Method-Override: DELETE', 'X_Method_Override: DELETE'),
  'X-Real-IP': secondOpinion('X-Real-IP: 10.0.0.1'),
  'True-Client-IP': secondOpinion('True-Client-IP: 10.0.0.1'),
  'X-Original-Host and -Uri': secondOpinion('X-Original-Host: api.localhost', 'X-Original-URI: /admin'),
});

playAttacks(stage, 'other protocols', {
  WebSocket: {
    attack: ask('api', 'GET /', app, 'Upgrade: websocket', 'Connection: upgrade'),
    answers: '403 request-upgrade upgrade',
    ...honest,
  },
  'HTTP/2 in clear text': {
    attack: ask(
      'api',
      'GET /',
      app,
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
      'Connection: Upgrade, HTTP2-Settings',
    ),
    answers: '403 request-upgrade upgrade',
    ...honest,
  },
  "HTTP/2's preface": {
    attack: `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n`,
    answers: '505 request-version',
    ...honest,
  },
  CONNECT: {
    attack: ask('api', 'CONNECT open.localhost:80', app),
    answers: '405 request-method',
    ...honest,
  },
  TRACE: { attack: ask('api', 'TRACE /', app), answers: '405 request-method', ...honest },
});

strikeStage(stage);
