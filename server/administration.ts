import 'reflect-metadata';
import type { AccountsService } from './accounts/accounts.service.js';
import type { AuditService } from './audit/audit.service.js';
import { outcomeOf } from './audit/recorded.js';
import type { TokensService } from './auth/tokens.service.js';
import { createDataSource } from './database/data-source.js';
import { EmbeddedPostgres } from './database/embedded-postgres.js';
import { migrate } from './database/migrate.js';
import { readEnv } from './env.js';
import { Events } from './events/events.js';
import { createLogger } from './logger.js';
import { modules } from './modules.js';
import { withUserErrors } from './user-errors.js';

export { Role } from './accounts/account.entity.js';
export { TokenKind } from './auth/token.entity.js';

export interface Administration {
  accounts: AccountsService;
  tokens: TokensService;
  audited: Audited;
}

/** The mutations that the command line does as well. */
type Operation =
  | 'createAccount'
  | 'updateAccount'
  | 'createToken'
  | 'createRegistrationToken'
  | 'rotateToken'
  | 'revokeToken';

/** Does the work, and records it in the audit log as the mutation of the API with these arguments, but of no account. */
export type Audited = <T>(operation: Operation, args: Record<string, unknown>, work: () => Promise<T>) => Promise<T>;

/**
 * Works with the accounts and tokens in the database that the environment names, whether or not a server is running. Running
 * servers are told about every change.
 * @throws UserError for an invalid setting or argument, or if the database is unavailable
 */
export async function administer<T>(work: (services: Administration) => Promise<T>): Promise<T> {
  const env = await withUserErrors(null, async () => readEnv());
  const logger = createLogger('warn');
  return withUserErrors(env.databaseUrl, async () => {
    const embedded = env.databaseUrl ? null : await EmbeddedPostgres.startOrJoin(env.dataDir, logger);
    const url = env.databaseUrl ?? embedded!.url;
    const dataSource = createDataSource({ url, entities: modules.entities, logger });
    try {
      await dataSource.initialize();
      await migrate(dataSource, url);
      // Never started: it only publishes, which needs no connection of its own.
      const events = new Events({ databaseUrl: url, logger });
      const { services } = modules.create({ dataSource, events, env, logger, version: '' });
      return await work({ ...services, audited: recordingIn(services.audit) });
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
      await embedded?.stop();
    }
  });
}

function recordingIn(audit: AuditService): Audited {
  return async (operation, args, work) => {
    const nobody = { accountId: null, tokenId: null, address: null };
    let result: Awaited<ReturnType<typeof work>>;
    try {
      result = await work();
    } catch (error) {
      await audit.record({ operation, args, ...nobody, result: undefined, outcome: outcomeOf(error) });
      throw error;
    }
    await audit.record({ operation, args, ...nobody, result, outcome: 'OK' });
    return result;
  };
}
