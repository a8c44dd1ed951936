import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { openSessions } from '../../src/session/open-sessions.ts';
import type { Sessions } from '../../src/session/session.ts';
import { beSeen } from '../identity/support/make-identity.ts';
import { newSession, PERSON, SECRET, SETTINGS } from '../session/support/make-sessions.ts';
import { runBehalf } from '../support/run-behalf.ts';

const route = { from: 'http://app.localhost', to: 'http://127.0.0.1:9', allow_public_unauthenticated_access: true };

let folder: string;
/** As a running proxy has them open. */
let sessions: Sessions;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'behalf-cli-'));
  const shared_secret = Buffer.from(SECRET).toString('base64');
  const config = { insecure_server: true, address: '127.0.0.1:0', state_dir: 'state', shared_secret, routes: [route] };
  await writeFile(join(folder, 'behalf.yaml'), JSON.stringify(config));
  sessions = openSessions({
    stateDir: join(folder, 'state'),
    sharedSecret: SECRET,
    settings: SETTINGS,
    issuer: null,
    openId: null,
    log: createLog(process.stderr),
  });
});
afterAll(async () => {
  sessions[Symbol.dispose]();
  await rm(folder, { recursive: true, force: true });
});

const behalf = (...args: readonly string[]) => runBehalf(['session', ...args], { cwd: folder });
const rows = async () => {
  const { exitCode, stdout, stderr } = await behalf('list');
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));
};

const TIME = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);

describe('behalf session', () => {
  test('lists and revokes sessions that a proxy made, at once, by SID, ID and email', async () => {
    expect(await rows()).toEqual([['SID', 'USER', 'EMAIL', 'CREATED', 'ENDS', 'ENDED']]);
    const person = { ...PERSON, id: 'u-2\t\u202e', email: 'bob@companydomain.com' };
    const made = [newSession(), newSession(), newSession(null, person)].map((content) => sessions.create(content));
    const [first, second, third] = made.map(({ session }) => session.sid);
    const lives = async () =>
      (await Promise.all(made.map(({ locator }) => sessions.find(locator)))).map((one) => one !== null);
    expect(await lives()).toEqual([true, true, true]);
    const listed = (await rows()).slice(1);
    expect(listed).toHaveLength(3);
    expect(listed).toContainEqual([first, 'u-1', 'Alice@companydomain.com', TIME, TIME, '-']);
    expect(listed).toContainEqual([third, 'u-2\\t\\u202e', 'bob@companydomain.com', TIME, TIME, '-']);

    expect(await behalf('revoke', first ?? '')).toEqual({ exitCode: 0, stdout: '', stderr: 'revoked: 1 session\n' });
    await beSeen();
    expect(await lives()).toEqual([false, true, true]);
    expect(await behalf('revoke', '--user', 'alice@companydomain.com')).toMatchObject({
      stderr: 'revoked: 1 session\n',
    });
    await beSeen();
    expect([await lives(), sessions.isLive(second ?? '')]).toEqual([[false, false, true], false]);
    expect(await rows()).toContainEqual([second, 'u-1', 'Alice@companydomain.com', TIME, TIME, TIME]);
    expect(await behalf('revoke', '--user', 'u-2\t\u202e')).toMatchObject({ exitCode: 0 });
  });

  test.each([
    ['a SID', ['session-x'], 'the SID "session-x"'],
    ['a user', ['--user', 'eve@x.example'], 'the user "eve@x.example"'],
  ])('says where no session lives that has %s', async (_, args, whose) => {
    const stderr = `behalf: no live session of ${whose}\n`;
    expect(await behalf('revoke', ...args)).toEqual({ exitCode: 1, stdout: '', stderr });
  });

  test.each([
    ['nothing', [], 'one of list, revoke is missing'],
    ['an unknown action', ['end'], 'there is no action "end"'],
    ['revoke without whom', ['revoke'], 'revoke needs a SID, or --user with an ID or an email address'],
    ['both', ['revoke', 'session-x', '--user', 'u-1'], 'a SID and --user do not go together'],
    ['a word too many', ['list', 'all'], 'unexpected argument "all"'],
  ])('%s is wrong usage', async (_, args, message) => {
    const { exitCode, stdout, stderr } = await behalf(...args);
    expect(stderr).toContain(`behalf: ${message}\nusage: behalf session list\n`);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});
