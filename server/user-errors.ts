import { EXIT, UserError } from '../schema/exit-codes.js';
import { isDatabaseAway } from './database/unreachable.js';
import { EnvError } from './env.js';
import { AppError } from './graphql/errors.js';

/**
 * Runs a command's work. @throws UserError when a person at a terminal can fix what went wrong: a bad setting, a bad
 * argument, a port that is taken, a database that is not there. Every other error is rethrown as it is.
 */
export async function withUserErrors<T>(databaseUrl: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EnvError || error instanceof AppError) throw new UserError(error.message);
    const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
    if (syscall === 'listen') throw new UserError(`cannot listen on ${address}:${port} (${code}); set HOST and PORT`);
    const cause = error instanceof AggregateError ? error.errors[0] : error;
    if (databaseUrl === null || !isDatabaseAway(cause)) throw error;
    const message = `the database of DATABASE_URL (${hostOf(databaseUrl)}) cannot be reached: ${(cause as Error).message}`;
    throw new UserError(message, EXIT.unreachable);
  }
}

/** Without user and password. */
function hostOf(databaseUrl: string): string {
  return URL.canParse(databaseUrl) ? new URL(databaseUrl).host : 'not an address';
}
