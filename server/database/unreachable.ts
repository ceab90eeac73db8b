import { QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';

/** Node's error codes when there is no working connection to Postgres. */
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
const NAME_LOOK_UP = ['ENOTFOUND', 'EAI_AGAIN'];
/** Postgres' own codes: shut down by an administrator, shut down by a crash, starting up, no connections left. */
const POSTGRES = ['57P01', '57P02', '57P03', '53300'];
const CODES = new Set([...NETWORK, ...NAME_LOOK_UP, ...POSTGRES]);
/** SQLSTATE class 08: connection exceptions. */
const CONNECTION_EXCEPTION = /^08[0-9A-Z]{3}$/;
/** Messages of errors that pg throws without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** The message for clients. Nothing is wrong with the request, and it can be sent again. */
export const DATABASE_AWAY = 'the database is currently unavailable; try again later';

/** Whether a request failed because Postgres is unavailable, and not because of the request itself. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // When a connection breaks within a transaction, TypeORM releases its query runner. The next query throws one of these.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  if (error instanceof QueryRunnerProviderAlreadyReleasedError) return true;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return MESSAGES.test(error.message);
  // The socket file of a local Postgres does not exist. Any other missing file is a bug.
  if (code === 'ENOENT') return syscall === 'connect';
  return CODES.has(code) || CONNECTION_EXCEPTION.test(code);
}
