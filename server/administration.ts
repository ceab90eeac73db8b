import 'reflect-metadata';
import type { AccountsService } from './accounts/accounts.service.js';
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
}

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
      return await work(modules.create({ dataSource, events, env, logger, version: '' }).services);
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
      await embedded?.stop();
    }
  });
}
