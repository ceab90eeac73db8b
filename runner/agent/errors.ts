/**
 * Why the server did not do what was asked.
 * - unreachable: no answer (network, timeout, proxy), or one that says its database is away; worth trying for ever.
 * - broken: the server answered that something failed inside it; worth trying for a while.
 * - refused: it understood and said no; trying again changes nothing.
 */
export type FaultKind = 'unreachable' | 'broken' | 'refused';

export class ServerFault extends Error {
  constructor(
    readonly kind: FaultKind,
    /** GraphQL error code (UNAUTHENTICATED, FORBIDDEN, BAD_USER_INPUT …) or HTTP status or network error code. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
