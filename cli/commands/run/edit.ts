import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import { UpdateRunDocument, type UpdateRunInput, UpdateRunsDocument } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { collect, integer, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';
import { CHANGE_EXIT_CODES } from './exit-codes.js';
import { findRun } from './run-reference.js';
import { changeAll, type SelectionOptions, selected, withSelection } from './selection.js';

interface EditOptions extends SelectionOptions {
  name?: string;
  tag: string[];
  addTag: string[];
  removeTag: string[];
  notes?: string;
  notesFile?: string;
  archive: boolean;
  unarchive: boolean;
  priority?: number;
}

async function edit(which: string | undefined, options: EditOptions, shell: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const selection = selected(which, options);
  const input = await inputOf(options);
  const api = Api.of(options);
  if (!('which' in selection)) {
    return changeAll(api, options, shell, 'changed', () => api.send(UpdateRunsDocument, { ...selection, input }));
  }
  const { id } = await findRun(api, selection.which);
  const { updateRun } = await api.send(UpdateRunDocument, { id, input });
  const { number, name } = updateRun;
  shell.print(options.json ? JSON.stringify(updateRun) : `run #${number} "${name}" is changed`);
}

/** @throws UserError for options that contradict each other, or if there are none */
async function inputOf(options: EditOptions): Promise<UpdateRunInput> {
  const { name, tag, addTag, removeTag, notes, notesFile, archive, unarchive, priority } = options;
  if (archive && unarchive) throw new UserError('give either --archive or --unarchive');
  if (notes !== undefined && notesFile !== undefined) throw new UserError('give either --notes or --notes-file');
  const lists = { tags: tag, addTags: addTag, removeTags: removeTag };
  const input: UpdateRunInput = {
    ...(name !== undefined && { name }),
    ...Object.fromEntries(Object.entries(lists).filter(([, tags]) => tags.length > 0)),
    ...(notes !== undefined && { notes }),
    ...(notesFile !== undefined && { notes: await read(notesFile) }),
    ...((archive || unarchive) && { archived: archive }),
    ...(priority !== undefined && { priority }),
  };
  if (Object.keys(input).length === 0) throw new UserError('give something to change, such as --name NAME');
  return input;
}

async function read(file: string): Promise<string> {
  if (file === '-') return textOf(process.stdin);
  return readFile(file, 'utf8').catch((error: Error) => {
    throw new UserError(`--notes-file ${file}: ${error.message}`);
  });
}

const tags = (flags: string, text: string): Option =>
  new Option(flags, `${text}; may be repeated`).argParser(collect).default([], 'none');

export function editCommand(shell: Shell): Command {
  const command = new Command('edit')
    .description('Changes the name, tags, notes or priority of a run, or archives it.')
    .argument('[run]', 'its number, such as 12 or #12, or its id')
    .option('--name <name>', 'its new name')
    .addOption(tags('--tag <tag>', 'a tag, in place of those that it has'))
    .addOption(tags('--add-tag <tag>', 'a tag to add'))
    .addOption(tags('--remove-tag <tag>', 'a tag to remove'))
    .option('--notes <markdown>', 'its notes; an empty text removes them')
    .option('--notes-file <file>', 'read its notes from this file, or from standard input if it is -')
    .option('--archive', 'leave it out of lists', false)
    .option('--unarchive', 'list it again', false)
    .addOption(new Option('--priority <number>', 'its priority, while it is queued').argParser(integer));
  withSelection(command)
    .addOption(jsonOption('print one JSON object: id, number, name, state; with --where, what was changed'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action((which: string | undefined, options: EditOptions) => edit(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run edit 12 --name "CPS, second try" --add-tag paper', 'one run'],
      [`run edit --where 'state = failed and not tag = paper' --archive --dry-run`, 'how many would be archived?'],
      [`run edit --where 'state = failed and not tag = paper' --archive --expect 31`, 'archive exactly those'],
      ['run edit 12 --notes-file notes.md', 'notes in Markdown'],
    ],
    exitCodes: CHANGE_EXIT_CODES,
  });
}
