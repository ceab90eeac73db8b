import { Command } from 'commander';
import { EXIT } from '../../../schema/exit-codes.js';
import { GROUP_EXIT_CODES, withNotes } from '../../help.js';
import type { Shell } from '../../shell.js';
import { cancelCommand, retryCommand } from './change.js';
import { classesCommand } from './classes.js';
import { clinicCommand } from './clinic.js';
import { deleteCommand } from './delete.js';
import { diffCommand } from './diff.js';
import { editCommand } from './edit.js';
import { filtersCommand } from './filters.js';
import { labelNextCommand } from './label-next.js';
import { listCommand } from './list/list.js';
import { logsCommand } from './logs.js';
import { metricsCommand } from './metrics.js';
import { showCommand } from './show.js';
import { suspiciousCommand } from './suspicious.js';
import { watchCommand } from './watch.js';

/** The reader of a pipe, such as `| head`, has closed it. */
const quitWhenUnread = (error: NodeJS.ErrnoException): void => {
  if (error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
};

export function runCommand(shell: Shell): Command {
  const command = new Command('run')
    .description('Lists, shows, compares and changes the runs of a server.')
    .hook('preAction', () => void process.stdout.off('error', quitWhenUnread).on('error', quitWhenUnread))
    .addCommand(listCommand(shell))
    .addCommand(filtersCommand(shell))
    .addCommand(showCommand(shell))
    .addCommand(logsCommand(shell))
    .addCommand(metricsCommand(shell))
    .addCommand(watchCommand(shell))
    .addCommand(classesCommand(shell))
    .addCommand(clinicCommand(shell))
    .addCommand(labelNextCommand(shell))
    .addCommand(suspiciousCommand(shell))
    .addCommand(diffCommand(shell))
    .addCommand(cancelCommand(shell))
    .addCommand(retryCommand(shell))
    .addCommand(editCommand(shell))
    .addCommand(deleteCommand(shell));
  return withNotes(command, {
    examples: [
      ['run list', 'the newest runs of the server at localhost'],
      ['run show 12 --server https://crosscheck.example.org', 'one run of another server'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
}
