import { loadConfig } from '../config/load-config.ts';
import { BehalfError } from '../errors.ts';
import { openServiceAccounts, type ServiceAccounts } from '../identity/open-service-accounts.ts';
import { DEFAULT_LIFETIME, parseLifetime } from '../identity/parse-lifetime.ts';
import { parseOptions } from './parse-options.ts';

export async function serviceAccount([action, ...args]: readonly string[]): Promise<number> {
  switch (action) {
    case 'create': {
      const { values, positionals } = parseOptions(args, { expires: { type: 'string' } }, { least: 1, most: 1 });
      const lifetime = parseLifetime(values.expires ?? DEFAULT_LIFETIME);
      using accounts = await open(values.config);
      process.stdout.write(`${await accounts.create(positionals[0] ?? '', lifetime)}\n`);
      return 0;
    }
    case 'list': {
      const { values } = parseOptions(args, {});
      using accounts = await open(values.config);
      process.stdout.write(writeList(accounts));
      return 0;
    }
    case 'revoke': {
      const { values, positionals } = parseOptions(args, { token: { type: 'string' } }, { least: 0, most: 1 });
      const [id] = positionals;
      const jti = values.token;
      if (id === undefined && jti === undefined) {
        throw new BehalfError('ERR_USAGE', 'revoke needs an ID, or --token with a JTI');
      }
      using accounts = await open(values.config);
      const count = accounts.revoke({ ...(id !== undefined && { id }), ...(jti !== undefined && { jti }) } as {
        id: string;
      });
      process.stderr.write(`revoked: ${count} ${count === 1 ? 'token' : 'tokens'}\n`);
      return 0;
    }
    case undefined:
      throw new BehalfError('ERR_USAGE', 'one of create, list, revoke is missing');
    default:
      throw new BehalfError('ERR_USAGE', `there is no action "${action}"`);
  }
}

async function open(configFile: string): Promise<ServiceAccounts> {
  process.umask(0o077);
  const { config } = await loadConfig(configFile);
  return openServiceAccounts(config.stateDir, config.sharedSecret);
}

function writeList(accounts: ServiceAccounts): string {
  const time = (seconds: number | null, none: string) =>
    seconds === null ? none : new Date(seconds * 1000).toISOString().replace('.000', '');
  const rows = accounts
    .list()
    .map((token) => [
      token.id,
      token.jti,
      time(token.created_at, ''),
      time(token.expires_at, 'never'),
      time(token.revoked_at, '-'),
    ]);
  return [['ID', 'JTI', 'CREATED', 'EXPIRES', 'REVOKED'], ...rows].map((row) => `${row.join('\t')}\n`).join('');
}
