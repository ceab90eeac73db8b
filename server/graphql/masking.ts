import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DATABASE_AWAY, isDatabaseAway } from '../database/unreachable.js';
import type { Logger } from '../logger.js';

/**
 * What a client is told of an error: errors that were made to be read as they are, a database that is away as such,
 * everything else (a failed query, a bug) only as an id under which the log has it. The same for HTTP and WebSocket.
 */
export function createMask(logger: Logger): (error: unknown) => GraphQLFormattedError {
  return (error) => {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError)) return withoutStack(error);
    const place = error instanceof GraphQLError && { path: error.path, locations: error.locations };
    if (isDatabaseAway(cause)) {
      logger.warn({ reason: (cause as Error).message }, 'a request found the database away');
      return { message: DATABASE_AWAY, ...place, extensions: { code: 'SERVICE_UNAVAILABLE' } };
    }
    const id = randomUUID();
    logger.error({ err: cause, id, path: error instanceof GraphQLError ? error.path : undefined }, 'internal error');
    return {
      message: `internal server error; the server's log has the reason under ${id}`,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', id },
    };
  };
}

function withoutStack(error: GraphQLError): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}
