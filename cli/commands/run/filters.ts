import { Command } from 'commander';
import { DeleteSavedFilterDocument, SavedFiltersDocument } from '../../../schema/generated/cli/graphql.js';
import { GROUP_EXIT_CODES, jsonOption, withNotes } from '../../help.js';
import { type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { type Column, renderRows } from '../../output/columns.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { type SavedFilter, savedFilter } from './saved-filter.js';

interface Options extends ServerOptions {
  json: boolean;
}

const COLUMNS: Column<SavedFilter>[] = [
  { title: 'name', of: ({ name }) => name },
  { title: 'owner', of: ({ owner, shared }) => (shared ? `${owner.name} (shared)` : owner.name) },
  { title: 'filter', of: ({ query }) => query },
  { title: 'columns', of: ({ columns }) => columns.join(', ') || '–' },
  { title: 'sort', of: ({ sort }) => sort ?? '–' },
];

/** As printed with --json: scripts rely on these names. */
const listed = ({ id, name, query, columns, sort, shared, owner }: SavedFilter) => {
  return { id, name, query, columns, sort, shared, owner: owner.name };
};

export function filtersCommand(shell: Shell): Command {
  const command = new Command('filters')
    .description('Lists and deletes saved filters. `run list --save NAME` saves one.')
    .addCommand(listCommand(shell))
    .addCommand(deleteCommand(shell));
  return withNotes(command, {
    examples: [
      ['run filters list', 'your own, and those that others share'],
      ['run filters delete "weak poles"', 'by its name'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
}

function listCommand({ print, warn }: Shell): Command {
  const command = new Command('list')
    .description('Lists your saved filters and those that others share, by name.')
    .addOption(jsonOption('print one JSON array'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (options: Options) => {
      const { Api } = await import('../../api.js');
      const { savedFilters } = await Api.of(options).send(SavedFiltersDocument, {});
      if (options.json) print(JSON.stringify(savedFilters.map(listed), null, 2));
      else if (savedFilters.length === 0) warn('no filter is saved');
      else for (const line of renderRows(COLUMNS, savedFilters)) print(line);
    });
  return withNotes(command, {
    examples: [['run filters list', 'your own, and those that others share']],
    exitCodes: { ...READ_EXIT_CODES, refused: 'a bad argument, or a missing or invalid token' },
  });
}

function deleteCommand({ print }: Shell): Command {
  const command = new Command('delete')
    .description('Deletes a saved filter of yours; an admin deletes any.')
    .argument('<filter>', 'its name or id')
    .addOption(jsonOption('print the deleted filter as one JSON object'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (reference: string, options: Options) => {
      const { Api } = await import('../../api.js');
      const api = Api.of(options);
      const filter = await savedFilter(api, reference);
      await api.send(DeleteSavedFilterDocument, { id: filter.id });
      print(options.json ? JSON.stringify(listed(filter)) : `the saved filter "${filter.name}" is deleted`);
    });
  return withNotes(command, {
    examples: [['run filters delete "weak poles"', 'by its name']],
    exitCodes: {
      ...READ_EXIT_CODES,
      done: 'the filter was deleted',
      refused: 'an unknown filter, one of somebody else, or a missing or invalid token',
    },
  });
}
