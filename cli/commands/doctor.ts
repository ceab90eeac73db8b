import { Command } from 'commander';
import type { ExitCode } from '../../schema/exit-codes.js';
import { jsonOption, withNotes } from '../help.js';
import type { Shell } from '../shell.js';

export function doctorCommand({ print, end }: Shell): Command {
  const command = new Command('doctor')
    .description('Checks this machine: says what is missing, what that costs, and how to fix it.')
    .addOption(jsonOption('print JSON instead of text'))
    .action(async ({ json }: { json: boolean }) => {
      const { doctor } = await import('../doctor/doctor.js');
      end((await doctor({ json, print })) as ExitCode);
    });
  return withNotes(command, {
    examples: [
      ['doctor', 'check this machine'],
      ['doctor --json', 'the same for a script'],
    ],
    exitCodes: {
      done: 'nothing that Crosscheck needs is missing',
      failed: 'something that Crosscheck needs is missing',
      refused: 'an option is not valid',
    },
  });
}
