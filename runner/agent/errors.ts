/**
 * Why the server did not do what was asked.
 * - unreachable: no answer (network, timeout, proxy), or the server's database is unavailable. Retried indefinitely.
 * - broken: the server reported an internal error. Retried for a while.
 * - refused: the server rejected the request. Not retried.
 */
export type FaultKind = 'unreachable' | 'broken' | 'refused';

export class ServerFault extends Error {
  constructor(
    readonly kind: FaultKind,
    /** GraphQL error code (UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT …), HTTP status or network error code. */
    readonly code: string,
    message: string,
    /** After how many seconds the server may no longer refuse; null if it did not say. */
    readonly retryAfterSeconds: number | null = null,
    /** The field of an input that the server does not know, such as `DatasetInput.facts`; null if that is not the reason. */
    readonly unknownField: string | null = null,
  ) {
    super(message);
  }
}
