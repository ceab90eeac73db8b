import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DATABASE_AWAY, isDatabaseAway } from '../database/unreachable.js';
import type { Logger } from '../logger.js';

/**
 * Creates a function that turns an error into what the client sees, over HTTP and WebSocket alike. Errors that are meant for
 * the client stay as they are, and an unavailable database gets its own message. Everything else (a failed query, a bug)
 * becomes an id that refers to the entry in the log.
 */
export function createMask(logger: Logger): (error: unknown) => GraphQLFormattedError {
  return (error) => {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError)) return withoutStack(error);
    const place = error instanceof GraphQLError && { path: error.path, locations: error.locations };
    if (isDatabaseAway(cause)) {
      logger.warn({ reason: (cause as Error).message }, 'a request failed because the database is unavailable');
      return { message: DATABASE_AWAY, ...place, extensions: { code: 'SERVICE_UNAVAILABLE' } };
    }
    const id = randomUUID();
    logger.error({ err: cause, id, path: error instanceof GraphQLError ? error.path : undefined }, 'internal error');
    return {
      message: `internal server error; find the cause in the server's log under ${id}`,
      ...place,
      extensions: { code: 'INTERNAL_SERVER_ERROR', id },
    };
  };
}

function withoutStack(error: GraphQLError): GraphQLFormattedError {
  const { stacktrace: _, ...extensions } = error.extensions;
  return { ...error.toJSON(), extensions };
}
