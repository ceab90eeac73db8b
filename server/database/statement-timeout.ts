/** Postgres' code for a canceled statement, whether by the timeout or by an administrator. */
const QUERY_CANCELED = '57014';

/** The message for clients. Nothing was changed: the statement's transaction was rolled back. */
export const STATEMENT_TOO_SLOW =
  'the database took too long to answer, and the request was canceled; ask for less at once, or try again later (the limit is STATEMENT_SECONDS of the server)';

/** Whether Postgres canceled a statement because it ran longer than the session's `statement_timeout`. */
export function isStatementTimeout(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (error as NodeJS.ErrnoException).code === QUERY_CANCELED && /statement timeout/.test(error.message);
}
