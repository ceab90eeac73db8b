import { Command } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import { DeleteRunDocument, DeleteRunsDocument } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { CHANGE_EXIT_CODES } from './exit-codes.js';
import { findRun } from './run-reference.js';
import { changeAll, type SelectionOptions, selected, withSelection } from './selection.js';

export function deleteCommand(shell: Shell): Command {
  const remove = async (which: string | undefined, options: SelectionOptions): Promise<void> => {
    const { Api } = await import('../../api.js');
    const selection = selected(which, options);
    const api = Api.of(options);
    if ('which' in selection) {
      const { id } = await findRun(api, selection.which);
      await api.send(DeleteRunDocument, { id });
      return shell.print(options.json ? JSON.stringify({ id }) : `run ${selection.which} is deleted`);
    }
    if (!selection.dryRun && selection.expectedCount === null) {
      throw new UserError('deleting runs by filter needs --expect COUNT: find the count with --dry-run');
    }
    return changeAll(api, options, shell, 'deleted', () => api.send(DeleteRunsDocument, selection));
  };
  const command = new Command('delete')
    .description('Deletes a run that is not being trained, with all its results, for good.')
    .argument('[run]', 'its number, such as 12 or #12, or its id');
  withSelection(command)
    .addOption(jsonOption('print one JSON object: id; with --where, what was deleted'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(remove);
  return withNotes(command, {
    examples: [
      ['run delete 12', 'one run'],
      [`run delete --where 'archived and finished < "2026-01-01"' --dry-run`, 'how many would be deleted?'],
      [`run delete --where 'archived and finished < "2026-01-01"' --expect 8`, 'delete exactly those'],
    ],
    exitCodes: {
      ...CHANGE_EXIT_CODES,
      done: 'the run was deleted; with --where: those that could be deleted, perhaps none',
    },
  });
}
