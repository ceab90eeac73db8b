import { Command } from 'commander';
import { GROUP_EXIT_CODES, withNotes } from '../../help.js';
import type { Shell } from '../../shell.js';
import { compareCommand } from './compare.js';
import { tableCommand } from './table.js';

/** `study --data DIR` is short for `study compare --data DIR`, because `study` once had no subcommands. */
export function studyCommand(shell: Shell): Command {
  const command = new Command('study')
    .description('Trains a comparison of methods on this machine, and prints tables of studies.')
    .addCommand(compareCommand(shell), { isDefault: true })
    .addCommand(tableCommand(shell));
  return withNotes(command, {
    examples: [
      ['study compare --data /data/camvid', 'compares four methods on a dataset'],
      ['study table "CamVid at 1/8"', 'prints the table of a study of the server at localhost'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
}
