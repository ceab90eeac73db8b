/** The codes of an error in an operation that was received as a whole, but cannot be executed. */
const NOT_EXECUTED: readonly unknown[] = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_USER_INPUT',
];

/**
 * The status of an answer with errors. For a client that accepts `application/json` and nothing newer, a status other than 200
 * means that the answer does not come from the server but from something in between, so it gets 200 for errors in its operation:
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 * @param status the status for all other clients
 * @param code of the first error
 */
export function statusFor(status: number, code: unknown, accept: string | undefined): number {
  return status === 400 && NOT_EXECUTED.includes(code) && acceptsOnlyJson(accept ?? '') ? 200 : status;
}

function acceptsOnlyJson(accept: string): boolean {
  return /application\/json/i.test(accept) && !/application\/graphql-response\+json|\*\/\*/i.test(accept);
}
