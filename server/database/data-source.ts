import { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import type { EntityClass } from '../create-module.js';
import type { Logger } from '../logger.js';
import { SnakeCaseNaming } from './naming.js';

/** A request that needs a connection while all of them are in use waits for one. */
export const POOL_SIZE = 10;
/** Longer than requests wait on a busy server. One that waits longer gets SERVICE_UNAVAILABLE and can be sent again. */
const CONNECTION_SECONDS = 30;

export interface DatabaseParts {
  url: string;
  /** The entity classes of its tables. */
  entities: EntityClass[];
  logger: Logger;
  /** Postgres cancels statements that take longer. 0 means never. */
  statementSeconds?: number;
  /** How long a request waits for a connection before it fails. */
  connectionSeconds?: number;
}

/** Creates the connection pool. Only migrations create tables, never the entities. */
export function createDataSource(parts: DatabaseParts): DataSource {
  const { url, entities, logger, statementSeconds = 0, connectionSeconds = CONNECTION_SECONDS } = parts;
  return new DataSource({
    type: 'postgres',
    url,
    entities,
    migrations,
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    // Makes TypeORM use gen_random_uuid(), which is built into Postgres. The extension itself is not needed.
    uuidExtension: 'pgcrypto',
    installExtensions: false,
    applicationName: 'crosscheck',
    // Every bigint here holds pixels, bytes, seeds or ids, all below 2^53.
    parseInt8: true,
    // Without a handler, an error on an idle connection (Postgres has stopped) would end the process.
    poolErrorHandler: (error: Error) => logger.warn({ reason: error.message }, 'a database connection failed'),
    extra: {
      max: POOL_SIZE,
      keepAlive: true,
      statement_timeout: Math.ceil(statementSeconds * 1000),
      connectionTimeoutMillis: Math.ceil(connectionSeconds * 1000),
    },
  });
}
