import { QueryRunnerAlreadyReleasedError } from 'typeorm';

/** By which Node says that there is no working connection to Postgres. */
const NETWORK = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'];
const NAME_LOOK_UP = ['ENOTFOUND', 'EAI_AGAIN'];
/** By which Postgres itself says so: shut down by a person or a crash, starting up, all its connections taken. */
const POSTGRES = ['57P01', '57P02', '57P03', '53300'];
const CODES = new Set([...NETWORK, ...NAME_LOOK_UP, ...POSTGRES]);
/** SQLSTATE class 08: connection exceptions. */
const CONNECTION_EXCEPTION = /^08[0-9A-Z]{3}$/;
/** What pg throws without a code. */
const MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/** Told to whoever asked: nothing is wrong with the request, and it may be sent again. */
export const DATABASE_AWAY = 'the server cannot reach its database at the moment; try again later';

/** Whether a request failed because Postgres is away, and not because of what it asked for. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // A connection that breaks within a transaction takes its query runner along.
  if (error instanceof QueryRunnerAlreadyReleasedError) return true;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string') return MESSAGES.test(error.message);
  // A local Postgres's socket file is gone; any other file that is missing is a fault of ours.
  if (code === 'ENOENT') return syscall === 'connect';
  return CODES.has(code) || CONNECTION_EXCEPTION.test(code);
}
