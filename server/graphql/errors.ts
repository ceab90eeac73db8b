import { GraphQLError } from 'graphql';
import { shown } from './texts.js';

const HTTP_STATUS = {
  /** The request has the wrong form: not JSON, no query, a batch, a subscription over HTTP. */
  BAD_REQUEST: 400,
  GRAPHQL_PARSE_FAILED: 400,
  GRAPHQL_VALIDATION_FAILED: 400,
  /** The document has no operation of the requested name. */
  OPERATION_RESOLUTION_FAILURE: 400,
  BAD_USER_INPUT: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  REQUEST_TIMEOUT: 408,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  TOO_MANY_REQUESTS: 429,
  SERVICE_UNAVAILABLE: 503,
  /** A statement ran longer than STATEMENT_SECONDS. */
  TIMEOUT: 503,
} as const;

export type ErrorCode = keyof typeof HTTP_STATUS;

/** An error that is meant for the client. All other errors are masked. */
export class AppError extends GraphQLError {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, extensions: Record<string, unknown> = {}) {
    super(message, { extensions: { ...extensions, code } });
    this.code = code;
  }

  /** For answers that are not the result of an operation. */
  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }
}

export interface Problem {
  /** Dotted path of the field. */
  field: string;
  /** What is wrong, with the value and what is allowed. */
  message: string;
}

export const badRequest = (message: string) => new AppError('BAD_REQUEST', message);
export const badUserInput = (message: string, extensions?: Record<string, unknown>) =>
  new AppError('BAD_USER_INPUT', message, extensions);
export const notFound = (what: string, id: string) => new AppError('NOT_FOUND', `there is no ${what} ${shown(id)}`);
export const conflict = (message: string) => new AppError('CONFLICT', message);
export const unauthenticated = (message: string) => new AppError('UNAUTHENTICATED', message);
export const serviceUnavailable = (message: string) => new AppError('SERVICE_UNAVAILABLE', message);
export const forbidden = (message: string) => new AppError('FORBIDDEN', message);
export const tooManyRequests = (message: string) => new AppError('TOO_MANY_REQUESTS', message);
export const payloadTooLarge = (message: string) => new AppError('PAYLOAD_TOO_LARGE', message);

/** A list of a thousand mistakes helps nobody. */
const MAX_PROBLEMS = 50;

/** One error for many problems. The message lists the first ones for people, and extensions.problems for programs. */
export function invalid(what: string, all: Problem[]): AppError {
  const problems = all.slice(0, MAX_PROBLEMS);
  const lines = problems.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  if (all.length > MAX_PROBLEMS) lines.push(`and ${all.length - MAX_PROBLEMS} more problems`);
  return badUserInput(`${what} is not valid: ${lines.join('; ')}`, { problems });
}
