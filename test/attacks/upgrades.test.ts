import { describe, expect, test } from 'vitest';
import { converse } from '../proxy/converse.ts';
import { startRawUpstream } from '../proxy/start-raw-upstream.ts';
import { startWebsocketUpstream } from '../proxy/start-websocket-upstream.ts';
import { eventually } from '../support/eventually.ts';
import { asApp, playAttacks, strikeStage } from './play-attacks.ts';
import { ask, raiseStage } from './raise-stage.ts';

const stage = await raiseStage();
const app = asApp(stage);
const FOR = 'X-Pomerium-Jwt-Assertion-For';

const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Key: a'];
const SEEN = '[connection: Upgrade] [upgrade: websocket] [sec-websocket-key: a]';
const REFUSED = '403 request-upgrade upgrade';
/** The upstream of these answers instead of switching, which is passed on. */
const honest = { twin: ask('chat', 'GET /', app, ...UPGRADE), twinSeen: `chat: GET / by api-access ${SEEN}` };
const refused = (...lines: readonly string[]) => ({
  attack: ask('chat', 'GET /', app, ...lines),
  answers: REFUSED,
  ...honest,
});

playAttacks(stage, 'upgrades to something else', {
  'HTTP/2 in clear text': refused(
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    'HTTP2-Settings: AAMAAABkAAQAAP__',
  ),
  'HTTP/2 beside WebSocket': refused('Connection: Upgrade', 'Upgrade: websocket, h2c'),
  'HTTP/2 in a second line': refused('Connection: Upgrade', 'Upgrade: websocket', 'Upgrade: h2c'),
  'a version of WebSocket': refused('Connection: Upgrade', 'Upgrade: websocket/13'),
  'TLS in the middle': refused('Connection: Upgrade', 'Upgrade: TLS/1.0'),
  'nothing that Connection names': refused('Upgrade: websocket'),
});

const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: chat.localhost\r\n\r\n';

playAttacks(stage, 'upgrades that hide something', {
  'a request in a body': {
    ...refused(),
    attack: `${ask('chat', 'GET /', app, ...UPGRADE, `Content-Length: ${HIDDEN.length}`)}${HIDDEN}`,
  },
  'a request in chunks': {
    ...refused(),
    attack: `${ask('chat', 'GET /', app, ...UPGRADE, 'Transfer-Encoding: chunked')}${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`,
  },
  'a request behind a refusal': {
    attack: `${ask('chat', 'GET /', ...UPGRADE)}${ask('chat', 'GET /hidden', app)}`,
    answers: '401 unauthenticated user-unauthenticated',
    ...honest,
  },
  'a request behind a handshake that was not met': {
    attack: `${ask('chat', 'GET /', app, ...UPGRADE)}${HIDDEN}`,
    answers: '200',
    seen: honest.twinSeen,
    ...honest,
  },
  'another method': { ...refused(), attack: ask('chat', 'POST /', app, ...UPGRADE) },
  'a path that leads elsewhere': {
    attack: ask('chat', 'GET /..%2fadmin', app, ...UPGRADE),
    answers: '400 request-malformed path',
    ...honest,
  },
});

playAttacks(stage, 'upgrades that lie', {
  'a route that allows none': {
    attack: ask('api', 'GET /', app, ...UPGRADE),
    answers: REFUSED,
    twin: ask('api', 'GET /', app),
    twinSeen: 'api: GET / by api-access',
  },
  'nobody in particular': {
    attack: ask('chat', 'GET /', ...UPGRADE),
    answers: '401 unauthenticated user-unauthenticated',
    ...honest,
  },
  'a forged original user': {
    attack: ask('chat', 'GET /', app, ...UPGRADE, `${FOR}: ${stage.assertion({ sub: 'boss' }).slice(0, -4)}AAAA`),
    answers: '403 forbidden original-user-invalid (signature)',
    twin: ask('chat', 'GET /', app, ...UPGRADE, `${FOR}: ${stage.assertion()}`),
    twinSeen: `chat: GET / by api-access for alice ${SEEN}`,
  },
  'reserved names in other spellings': {
    attack: ask(
      'chat',
      'GET /',
      app,
      ...UPGRADE,
      `X_Pomerium_Jwt_Assertion_For: ${stage.assertion()}`,
      'X.Pomerium.Claim.Email: boss',
    ),
    answers: '200',
    seen: honest.twinSeen,
    ...honest,
  },
  'another client, path and method': {
    attack: ask(
      'chat',
      'GET /',
      app,
      ...UPGRADE,
      'X-Forwarded-For: 10.0.0.1',
      'X-Original-URL: /admin',
      'X-HTTP-Method-Override: PUT',
    ),
    answers: '200',
    seen: honest.twinSeen,
    ...honest,
  },
});

describe('upgrades that go on', () => {
  test('reserved names in a 101 do not reach the client, other headers do', async () => {
    await using upstream = await startWebsocketUpstream();
    upstream.more = 'X-Pomerium-Jwt-Assertion: evil\r\nX_Pomerium_Claim_Email: evil\r\nX-Honest: good\r\n';
    await using own = await raiseStage({ upstreams: { chat: upstream.url } });
    const client = converse(own.behalf.url, ask('chat', 'GET /', asApp(own), ...UPGRADE));
    await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101 .*\r\nx-honest: good\r\n.*\r\n\r\n$/s));
    expect(client.heard()).not.toMatch(/evil|pomerium/i);
    client.socket.destroy();
  });

  test('a client that resets in the handshake leaves no connection to the upstream, and the next one is served', async () => {
    await using upstream = await startRawUpstream((socket, text) => {
      if (text.includes('/met')) socket.write('HTTP/1.1 101 OK\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    });
    await using own = await raiseStage({ upstreams: { chat: upstream.url } });
    for (let round = 1; round <= 5; round += 1) {
      const { socket } = converse(own.behalf.url, ask('chat', 'GET /unmet', asApp(own), ...UPGRADE));
      await eventually(() => expect(upstream.sockets).toHaveLength(round));
      socket.resetAndDestroy();
    }
    await eventually(() =>
      expect(upstream.sockets.every((socket) => socket.destroyed || socket.readableEnded)).toBe(true),
    );
    const client = converse(own.behalf.url, ask('chat', 'GET /met', asApp(own), ...UPGRADE));
    await eventually(() => expect(client.heard()).toMatch(/^HTTP\/1\.1 101 /));
    client.socket.destroy();
  });
});

strikeStage(stage);
