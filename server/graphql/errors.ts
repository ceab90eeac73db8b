import { GraphQLError } from 'graphql';
import { filled, type Parameter, type Parameters } from '../../schema/problems/message.js';
import type { Problem } from '../../schema/problems/problem.js';
import { type ErrorCode, HTTP_STATUS } from './error-codes.js';
import { type ParametersOf, REASONS, type Reason } from './reasons/all.js';
import { shortened } from './texts.js';

/** A parameter may quote what the client sent. The message shows a shorter part of it. */
const MAX_PARAMETER_LENGTH = 500;
const MAX_PARAMETER_ITEMS = 50;

/** An error that is meant for the client. All other errors are masked. */
export class AppError extends GraphQLError {
  readonly code: ErrorCode;

  /** @param more what the client gets in addition to code, reason and parameters */
  constructor(
    readonly reason: Reason,
    parameters: Parameters,
    more: Record<string, unknown> = {},
  ) {
    const [code, message] = REASONS[reason];
    super(filled(message, parameters), {
      extensions: { ...more, code, reason, params: boundedParameters(parameters) },
    });
    this.code = code;
  }

  /** For answers that are not the result of an operation. */
  get httpStatus(): number {
    return HTTP_STATUS[this.code];
  }
}

/** The parameters, with long texts and lists cut. */
export function boundedParameters(parameters: Parameters): Parameters {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, bounded(value)]));
}

function bounded(value: Parameter): Parameter {
  if (typeof value === 'string') return shortened(value, MAX_PARAMETER_LENGTH);
  if (!Array.isArray(value)) return value;
  const items = value.slice(0, MAX_PARAMETER_ITEMS) as (string | number | boolean)[];
  return items.map((each) => (typeof each === 'string' ? shortened(each, MAX_PARAMETER_LENGTH) : each));
}

/** The error with this reason. @param more what the client gets in addition to code, reason and parameters */
export function refusal<R extends Reason>(
  reason: R,
  ...[parameters, more]: keyof ParametersOf<R> extends never
    ? [parameters?: ParametersOf<R>, more?: Record<string, unknown>]
    : [parameters: ParametersOf<R>, more?: Record<string, unknown>]
): AppError {
  return new AppError(reason, parameters ?? {}, more);
}

export const notFound = (type: string, id: string) => refusal('NOT_FOUND', { type, id });

/** A list of a thousand mistakes helps nobody. */
const MAX_PROBLEMS = 50;

/** One error for many problems. The message lists the first ones for people, and extensions.problems for programs. */
export function invalid(what: string, all: Problem[]): AppError {
  const problems = all.slice(0, MAX_PROBLEMS);
  const lines = problems.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  if (all.length > MAX_PROBLEMS) lines.push(`and ${all.length - MAX_PROBLEMS} more problems`);
  return refusal('INPUT_INVALID', { what, problems: lines.join('; ') }, { problems });
}
