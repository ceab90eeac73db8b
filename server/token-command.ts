import { createToken as createTokenIn } from './auth/create-token.js';
import { TokensRepository } from './auth/tokens.repository.js';
import { createDataSource } from './database/data-source.js';
import { EmbeddedPostgres } from './database/embedded-postgres.js';
import { migrate } from './database/migrate.js';
import { EnvError, readEnv } from './env.js';
import { createLogger } from './logger.js';

export interface TokenOptions {
  kind: string;
  label: string;
  uses?: string;
  expiresIn?: string;
}

/** `token`: works on the database of the environment, beside a running server or without one. */
export async function createToken({ kind, label, uses, expiresIn }: TokenOptions): Promise<void> {
  if (kind !== 'user' && kind !== 'registration')
    throw new EnvError(`--kind: "${kind}" is neither user nor registration`);
  const input = { label, uses: wholeNumber('--uses', uses), expiresInSeconds: wholeNumber('--expires-in', expiresIn) };
  const env = readEnv();
  const logger = createLogger('warn');
  const embedded = env.databaseUrl ? null : await EmbeddedPostgres.startOrJoin(env.dataDir, logger);
  const url = env.databaseUrl ?? embedded!.url;
  const dataSource = createDataSource(url, logger);
  try {
    await dataSource.initialize();
    await migrate(dataSource, url);
    console.log((await createTokenIn(new TokensRepository(dataSource), kind, input)).token);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy();
    await embedded?.stop();
  }
}

function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new EnvError(`${option}: "${text}" is not a whole number`);
}
