import 'reflect-metadata';
import type { NewToken } from './auth/auth.types.js';
import { createToken as createTokenIn } from './auth/create-token.js';
import type { TokenKind } from './auth/token.entity.js';
import { TokensRepository } from './auth/tokens.repository.js';
import { createDataSource } from './database/data-source.js';
import { EmbeddedPostgres } from './database/embedded-postgres.js';
import { migrate } from './database/migrate.js';
import { readEnv } from './env.js';
import { createLogger } from './logger.js';
import { modules } from './modules.js';
import { withUserErrors } from './user-errors.js';

export interface TokenOptions {
  kind: TokenKind;
  label: string;
  uses?: number;
  expiresInSeconds?: number;
}

/**
 * Creates a token in the database that the environment names, whether or not a server is running.
 * @throws UserError for an invalid setting or option, or if the database is unavailable
 */
export async function createToken({ kind, ...input }: TokenOptions): Promise<NewToken> {
  const env = await withUserErrors(null, async () => readEnv());
  const logger = createLogger('warn');
  return withUserErrors(env.databaseUrl, async () => {
    const embedded = env.databaseUrl ? null : await EmbeddedPostgres.startOrJoin(env.dataDir, logger);
    const url = env.databaseUrl ?? embedded!.url;
    const dataSource = createDataSource({ url, entities: modules.entities, logger });
    try {
      await dataSource.initialize();
      await migrate(dataSource, url);
      return await createTokenIn(new TokensRepository(dataSource), kind, input);
    } finally {
      if (dataSource.isInitialized) await dataSource.destroy();
      await embedded?.stop();
    }
  });
}
