/** Exit codes of the runner's command line; docs/add-a-runner.md lists them for scripts. */
export const EXIT = {
  done: 0,
  /** `start --once`: the run did not succeed; otherwise: something unexpected. */
  failed: 1,
  /** Bad arguments, a bad folder, a missing or refused identity. */
  refused: 2,
  /** `start --once`: the queue holds nothing that fits this runner. */
  nothingToDo: 3,
  /** The server cannot be reached. */
  unreachable: 4,
  /** Stopped at once by a second signal. */
  interrupted: 130,
} as const;

/** Something that the person at the terminal can mend: shown as its message alone, without a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: number = EXIT.refused,
  ) {
    super(message);
  }
}

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
