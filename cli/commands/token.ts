import { Command, Option } from 'commander';
import { jsonOption, withNotes } from '../help.js';
import { positiveInt } from '../options.js';
import type { Shell } from '../shell.js';

interface Options {
  kind: 'registration' | 'user';
  label: string;
  uses?: number;
  expiresIn?: number;
  json: boolean;
}

export function tokenCommand({ print }: Shell): Command {
  const command = new Command('token')
    .description("Creates a token in the server's database and prints it (shown only once).")
    .addOption(
      new Option('--kind <kind>', 'registration: for runners to register with; user: for people')
        .choices(['registration', 'user'])
        .makeOptionMandatory(),
    )
    .requiredOption('--label <label>', 'what it is for')
    .option('--uses <count>', 'how many runners may register with it (default: any number)', positiveInt)
    .option('--expires-in <seconds>', 'how long it is valid (default: forever)', positiveInt)
    .addOption(jsonOption('print one JSON object: id, kind, label, token, expiresAt'))
    .action(async ({ kind, label, uses, expiresIn, json }: Options) => {
      const { createToken } = await import('../../server/create-token.js');
      const { id, token, expiresAt } = await createToken({ kind, label, uses, expiresInSeconds: expiresIn });
      print(json ? JSON.stringify({ id, kind, label, token, expiresAt: expiresAt ?? null }) : token);
    });
  command.addHelpText(
    'after',
    "\nRun it on the server's machine, with the server's DATABASE_URL or DATA_DIR; it works whether or not the server is running.",
  );
  return withNotes(command, {
    examples: [
      ['token --kind user --label ada', 'for a person'],
      ['token --kind registration --label lab-3 --uses 1', 'for one new runner'],
    ],
    exitCodes: {
      done: 'the token was printed',
      failed: 'something unexpected went wrong',
      refused: 'an option or a setting is not valid',
      unreachable: 'the database in DATABASE_URL is unavailable',
    },
  });
}
