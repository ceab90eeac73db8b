import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Problem } from '../../schema/problems/problem.js';
import { isDiskFull } from '../database/disk-full.js';
import { isStatementTimeout } from '../database/statement-timeout.js';
import { isDatabaseAway } from '../database/unreachable.js';
import type { Logger } from '../logger.js';
import { type AppError, boundedParameters, refusal } from './errors.js';
import { shortened } from './texts.js';

const MAX_PROBLEMS = 100;

/** What the client sees of an error. */
export type Mask = (error: unknown) => GraphQLFormattedError;

/**
 * Creates the function that turns an error into what the client sees, over HTTP and WebSocket alike. Errors that are meant
 * for the client keep their message, cut to a bounded length. An unavailable or slow database gets its own message.
 * Everything else (a failed query, a bug) becomes an id that refers to the entry in the log.
 */
export function createMask(logger: Logger): Mask {
  return (error) => {
    const cause = error instanceof GraphQLError ? error.originalError : error;
    if (error instanceof GraphQLError && (!cause || cause instanceof GraphQLError)) return forClient(error);
    const place = error instanceof GraphQLError && { path: error.path, locations: error.locations };
    const fault = databaseFault(cause);
    if (fault) {
      logger.warn({ reason: (cause as Error).message }, `a request failed: ${fault.message}`);
      return { message: fault.message, ...place, extensions: fault.extensions };
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

/** The error for the client when the database is unavailable, too slow or out of space; null for any other cause. */
export function databaseFault(cause: unknown): AppError | null {
  if (isDatabaseAway(cause)) return refusal('DATABASE_UNAVAILABLE');
  if (isDiskFull(cause)) return refusal('DISK_FULL');
  if (isStatementTimeout(cause)) return refusal('STATEMENT_TOO_SLOW');
  return null;
}

/** Leaves out what Apollo adds for itself: the stack trace and the HTTP status. */
function forClient(error: GraphQLError): GraphQLFormattedError {
  const { stacktrace: _stack, http: _http, problems, ...extensions } = error.extensions;
  return {
    ...error.toJSON(),
    message: shortened(error.message),
    extensions: {
      ...('reason' in extensions ? {} : foreign(error)),
      ...extensions,
      ...(Array.isArray(problems) && { problems: shortProblems(problems as Problem[]) }),
    },
  };
}

/** Code, reason and parameters of an error of graphql-js or Apollo. The former gives no code for the value of a variable. */
function foreign({ message, extensions: { code } }: GraphQLError): Record<string, unknown> {
  const reason = code === 'BAD_REQUEST' ? 'REQUEST_REJECTED' : 'VALUE_INVALID';
  return refusal(reason, { error: message }).extensions;
}

function shortProblems(problems: Problem[]): Problem[] {
  return problems.slice(0, MAX_PROBLEMS).map((problem) => ({
    ...problem,
    field: shortened(problem.field, 200),
    message: shortened(problem.message),
    params: boundedParameters(problem.params),
  }));
}
