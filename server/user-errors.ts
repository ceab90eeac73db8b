import { EXIT, UserError } from '../schema/exit-codes.js';
import { isDatabaseAway } from './database/unreachable.js';
import { EnvError } from './env.js';
import { AppError } from './graphql/errors.js';

/**
 * Runs the work of a command. @throws UserError for errors that the user can fix: an invalid setting or argument, a port in
 * use, an unavailable database. Every other error is rethrown unchanged.
 */
export async function withUserErrors<T>(databaseUrl: string | null, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof EnvError || error instanceof AppError) throw new UserError(error.message);
    const { code, syscall, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
    if (syscall === 'listen')
      throw new UserError(`cannot listen on ${address}:${port} (${code}); choose another HOST or PORT`);
    const cause = error instanceof AggregateError ? error.errors[0] : error;
    if (databaseUrl === null || !isDatabaseAway(cause)) throw error;
    const message = `the database in DATABASE_URL (${hostOf(databaseUrl)}) is unavailable: ${(cause as Error).message}`;
    throw new UserError(message, EXIT.unreachable);
  }
}

/** The host and port of the address, without user and password. */
function hostOf(databaseUrl: string): string {
  return URL.canParse(databaseUrl) ? new URL(databaseUrl).host : 'not a valid URL';
}
