import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { EntityClass } from '../create-module.js';
import type { Logger } from '../logger.js';
import { SnakeCaseNaming } from './naming.js';

const POOL_SIZE = 10;

export interface DatabaseParts {
  url: string;
  /** Classes that describe its tables. */
  entities: EntityClass[];
  logger: Logger;
}

/** The connection pool; tables come from migrations alone, never from the entities. */
export function createDataSource({ url, entities, logger }: DatabaseParts): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations,
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    // gen_random_uuid() is part of Postgres; the extension of that name need not be there.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: 'crosscheck',
    // Every bigint here counts pixels, bytes or seeds, all below 2^53.
    parseInt8: true,
    // Without a listener an idle connection's error (Postgres stopped) ends the process.
    poolErrorHandler: (error: Error) => logger.warn({ reason: error.message }, 'a database connection failed'),
    extra: { max: POOL_SIZE, keepAlive: true },
  });
}
