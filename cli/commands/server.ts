import { Command } from 'commander';
import { UserError } from '../../schema/exit-codes.js';
import { settingsHelp } from '../../server/settings-help.js';
import { withNotes } from '../help.js';

export function serverCommand(): Command {
  const command = new Command('server')
    .description('Starts the server: GraphQL, dashboard and, unless DATABASE_URL is set, its own PostgreSQL.')
    .usage('[options]')
    .action(async () => {
      const { serve } = await import('../../server/serve.js');
      await serve();
    });
  // Earlier versions created tokens this way, before there was a single command line.
  command
    .command('token', { hidden: true })
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[options...]')
    .action((options: string[]) => {
      throw new UserError(`tokens are now created with: ${['npx crosscheck token', ...options].join(' ')}`);
    });
  command.addHelpText('after', () => `\n${settingsHelp()}`);
  return withNotes(command, {
    examples: [
      ['server', 'at http://127.0.0.1:4000, data in .crosscheck/'],
      ['HOST=0.0.0.0 PORT=8080 server', 'settings are environment variables'],
    ],
    exitCodes: {
      done: 'stopped by Ctrl-C or SIGTERM',
      failed: 'it did not start, or did not stop cleanly; the log says why',
      refused: 'a setting is not valid, or another program uses the port or DATA_DIR',
      unreachable: 'the database in DATABASE_URL is unavailable',
      interrupted: 'stopped immediately by a second signal',
    },
  });
}
