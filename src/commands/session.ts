import { loadConfig } from '../config/load-config.ts';
import { BehalfError } from '../errors.ts';
import { loadSharedSecret } from '../identity/load-shared-secret.ts';
import { openStateDir } from '../identity/open-state-dir.ts';
import { createLog } from '../log.ts';
import { openSessions } from '../session/open-sessions.ts';
import type { SessionSelection, Sessions } from '../session/session.ts';
import { parseOptions } from './parse-options.ts';
import { writeTable } from './write-table.ts';
import { writeTime } from './write-time.ts';

export async function session([action, ...args]: readonly string[]): Promise<number> {
  switch (action) {
    case 'list': {
      const { values } = parseOptions(args, {});
      using sessions = await open(values.config);
      process.stdout.write(writeList(sessions));
      return 0;
    }
    case 'revoke': {
      const { values, positionals } = parseOptions(args, { user: { type: 'string' } }, 1);
      const selection = parseSelection(positionals[0], values.user);
      using sessions = await open(values.config);
      const count = sessions.end(selection).length;
      process.stderr.write(
        count === 0
          ? `behalf: no live session of ${writeSelection(selection)}\n`
          : `revoked: ${count} ${count === 1 ? 'session' : 'sessions'}\n`,
      );
      return count === 0 ? 1 : 0;
    }
    case undefined:
      throw new BehalfError('ERR_USAGE', 'one of list, revoke is missing');
    default:
      throw new BehalfError('ERR_USAGE', `there is no action "${action}"`);
  }
}

type Selection = Extract<SessionSelection, { readonly sid: string } | { readonly user: string }>;

function parseSelection(sid: string | undefined, user: string | undefined): Selection {
  if (sid !== undefined && user !== undefined)
    throw new BehalfError('ERR_USAGE', 'a SID and --user do not go together');
  if (sid !== undefined) return { sid };
  if (user !== undefined) return { user };
  throw new BehalfError('ERR_USAGE', 'revoke needs a SID, or --user with an ID or an email address');
}

function writeSelection(selection: Selection): string {
  return 'sid' in selection ? `the SID ${JSON.stringify(selection.sid)}` : `the user ${JSON.stringify(selection.user)}`;
}

async function open(configFile: string): Promise<Sessions> {
  process.umask(0o077);
  const { config } = await loadConfig(configFile);
  const { stateDir, session: settings, provider } = config;
  openStateDir(stateDir);
  return openSessions({
    stateDir,
    sharedSecret: loadSharedSecret(stateDir, config.sharedSecret),
    settings,
    issuer: provider?.issuer ?? null,
    openId: null,
    log: createLog(process.stderr),
  });
}

function writeList(sessions: Sessions): string {
  const rows = sessions
    .list()
    .map(({ sid, person, createdAt, endsAt, endedAt }) => [
      sid,
      person.id,
      person.email,
      writeTime(createdAt, ''),
      writeTime(endsAt, ''),
      writeTime(endedAt, '-'),
    ]);
  return writeTable([['SID', 'USER', 'EMAIL', 'CREATED', 'ENDS', 'ENDED'], ...rows]);
}
