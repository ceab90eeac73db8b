import type { Command } from 'commander';
import type { Administration } from '../../../server/administration.js';
import type { Notes } from '../../help.js';

/** Works on the database of the server. Loaded when a command runs, because it loads the whole server. */
export async function administer<T>(work: (services: Administration) => Promise<T>): Promise<T> {
  const { administer } = await import('../../../server/administration.js');
  return administer(work);
}

/** Says where commands that work on the database can be run. */
export function withPlace(command: Command): Command {
  return command.addHelpText(
    'after',
    "\nRun it on the server's machine, with the server's DATABASE_URL or DATA_DIR; it works whether or not the server is running.",
  );
}

/** The exit codes of a command that works on the database. */
export const exitCodes = (done: string, refused: string): Notes['exitCodes'] => ({
  done,
  failed: 'something unexpected went wrong',
  refused,
  unreachable: 'the database in DATABASE_URL is unavailable',
});
