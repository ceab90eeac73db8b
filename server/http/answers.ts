import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import type { GraphQLError } from 'graphql';
import { AppError, notFound, refusal } from '../graphql/errors.js';
import { databaseFault, type Mask } from '../graphql/masking.js';
import { shortened } from '../graphql/texts.js';
import type { Logger } from '../logger.js';
import { statusFor } from './statuses.js';

/** How long a client should wait after "too many requests" or "unavailable". Requests take milliseconds. */
const RETRY_AFTER_SECONDS = 1;

/** Express and its parsers add these fields. */
type RouteError = Error & { status?: number; type?: string; limit?: number };

/** Sends errors in the form of a GraphQL answer, with the status of the first. At /graphql, its protocol chooses the status. */
export function answerErrors(response: Response, errors: readonly GraphQLError[], mask: Mask): void {
  const [first] = errors;
  const own = first instanceof AppError ? first.httpStatus : 400;
  const { accept } = response.req.headers;
  const status = response.locals.isGraphql ? statusFor(own, first?.extensions.code, accept) : own;
  if (status === 429 || status === 503) response.set('Retry-After', String(RETRY_AFTER_SECONDS));
  response.status(status).json({ errors: errors.map(mask) });
}

/** Answers every error that a route throws or passes on, in the form of a GraphQL answer. */
export function answerError(logger: Logger, mask: Mask): ErrorRequestHandler {
  return (error: RouteError, request, response, _next) => {
    if (response.headersSent) {
      if (!request.socket.destroyed) logger.warn({ reason: error.message, path: request.path }, 'an answer broke off');
      request.socket.destroy();
      return;
    }
    const refusal = refusalFor(error, request.path);
    if (refusal) return answerErrors(response, [refusal], mask);
    const fault = databaseFault(error);
    if (fault) {
      logger.warn({ reason: error.message, path: request.path }, `a request failed: ${fault.message}`);
      return answerErrors(response, [fault], mask);
    }
    response.status(500).json({ errors: [mask(error)] });
  };
}

/** What is wrong with the request, in our own words; null if nothing is. Messages of files and parsers show too much. */
function refusalFor(error: RouteError, path: string): AppError | null {
  if (error instanceof AppError) return error;
  const { status, type } = error;
  if (status === undefined || status >= 500) return null;
  if (type === 'entity.too.large') return refusal('BODY_TOO_LARGE', { bytes: error.limit! });
  if (type === 'entity.parse.failed') return refusal('NOT_JSON', { part: 'request body', error: error.message });
  if (status === 404) return notFound('page', shortened(path, 200));
  const reason = status === 415 ? 'MEDIA_TYPE_NOT_SUPPORTED' : 'REQUEST_REJECTED';
  return refusal(reason, { error: type ?? STATUS_CODES[status] ?? String(status) });
}
