import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../../../schema/exit-codes.js';
import {
  DrainRunnerDocument,
  PauseRunnerDocument,
  RenameRunnerDocument,
  ResumeRunnerDocument,
  RotateRunnerTokenDocument,
  type RunnerLineFragment,
  RunnerNamesDocument,
  UndrainRunnerDocument,
} from '../../../schema/generated/cli/graphql.js';
import type { Api } from '../../api.js';
import { jsonOption, type Notes, withNotes } from '../../help.js';
import { positiveInt, type ServerOptions, serverOption, tokenOption } from '../../options.js';
import type { Shell } from '../../shell.js';

type Options = ServerOptions & { json: boolean };

const EXIT_CODES: Notes['exitCodes'] = {
  done: 'the runner was changed',
  failed: 'something unexpected went wrong',
  refused: 'an unknown runner, a bad argument, or a token that is missing, invalid or not of an admin',
  unreachable: 'the server cannot be reached',
};

/** The id of a runner, from its id or name. @throws UserError unless exactly one runner has that name */
async function runnerIdOf(api: Api, runner: string): Promise<string> {
  const { runners } = await api.send(RunnerNamesDocument, {});
  const found = runners.filter(({ id, name }) => id === runner || name === runner);
  if (found.length === 1) return found[0]!.id;
  if (found.length === 0) throw new UserError(`there is no runner "${runner}" on ${api.url}`);
  const ids = found.map(({ id }) => id).join(', ');
  throw new UserError(`${found.length} runners are called "${runner}": give the id of one: ${ids}`);
}

/** A command that changes one runner and prints the result. */
function changeCommand(
  shell: Shell,
  name: string,
  description: string,
  example: string,
  words: string,
  send: (api: Api, id: string) => Promise<{ runner: RunnerLineFragment }>,
): Command {
  const command = new Command(name)
    .description(description)
    .argument('<runner>', 'its name or id')
    .addOption(jsonOption('print one JSON object: id, name, state, paused'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, options: Options) => {
      const { Api } = await import('../../api.js');
      const api = Api.of(options);
      const { runner } = await send(api, await runnerIdOf(api, which));
      shell.print(options.json ? JSON.stringify(runner) : `runner "${runner.name}" ${words}`);
    });
  return withNotes(command, { examples: [[`runner ${name} gpu-1`, example]], exitCodes: EXIT_CODES });
}

function renameCommand(shell: Shell): Command {
  const command = new Command('rename')
    .description('Gives a runner another name on the server. Needs the role ADMIN.')
    .argument('<runner>', 'its name or id')
    .argument('<name>', 'its new name')
    .addOption(jsonOption('print one JSON object: id, name, state, paused'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, name: string, options: Options) => {
      const { Api } = await import('../../api.js');
      const api = Api.of(options);
      const { runner } = await api.send(RenameRunnerDocument, { id: await runnerIdOf(api, which), name });
      shell.print(options.json ? JSON.stringify(runner) : `runner "${which}" is called "${runner.name}" now`);
    });
  return withNotes(command, { examples: [['runner rename gpu-1 big', 'from now on']], exitCodes: EXIT_CODES });
}

/** On the machine of the runner: the new token goes into its home, and nowhere else. */
function rotateCommand(shell: Shell, home: Option): Command {
  const command = new Command('rotate-token')
    .description("Replaces the token of the runner in a home, and writes the new one there. Needs an admin's token.")
    .addOption(home)
    .option(
      '--overlap <seconds>',
      'how long the old token stays valid, at most 7 days (default: not at all)',
      positiveInt,
    )
    .addOption(new Option('--server <url>', "the server's address (default: that of the home)"))
    .addOption(tokenOption())
    .action(async (options: { home: string; overlap?: number; server?: string; token?: string }) => {
      const [{ Api }, { readIdentity, serversOf, writeIdentity }] = await Promise.all([
        import('../../api.js'),
        import('../../../runner/agent/identity.js'),
      ]);
      const folder = resolve(options.home);
      const identity = readIdentity(folder);
      const api = Api.of({ server: options.server ?? serversOf(identity)[0]!, token: options.token });
      const variables = { id: identity.runnerId, overlapSeconds: options.overlap ?? 0 };
      const { rotateRunnerToken } = await api.send(RotateRunnerTokenDocument, variables);
      await writeIdentity(folder, { ...identity, token: rotateRunnerToken.token }).catch((error: Error) => {
        throw new UserError(
          `the token was replaced, but could not be written to ${folder}: ${error.message}; run the same command again`,
        );
      });
      const restart = options.overlap ? `within ${options.overlap} s` : 'now';
      shell.print(`the home ${folder} has a new token; if its agent is running, restart it ${restart}`);
    });
  return withNotes(command, {
    examples: [
      ['runner rotate-token', 'of the runner in the default home; the old token ends at once'],
      ['runner rotate-token --overlap 600', 'leaves ten minutes to restart the agent'],
    ],
    exitCodes: { ...EXIT_CODES, done: 'the home has the new token' },
  });
}

/** The commands with which an admin changes the runners of a server. */
export function runnerChangeCommands(shell: Shell, home: () => Option): Command[] {
  const change = changeCommand.bind(null, shell);
  return [
    change(
      'pause',
      'Lets a runner finish its runs but claim no others, even after a restart. Needs the role ADMIN.',
      'until runner resume',
      'is paused: it claims no runs until it is resumed',
      (api, id) => api.send(PauseRunnerDocument, { id }),
    ),
    change(
      'resume',
      'Lets a paused runner claim runs again. Needs the role ADMIN.',
      'after runner pause',
      'claims runs again',
      (api, id) => api.send(ResumeRunnerDocument, { id }),
    ),
    change(
      'drain',
      'Lets a runner write checkpoints and return its runs to the queue. It claims no more until it restarts or ' +
        'the drain is ended. Needs the role ADMIN.',
      'before its machine is shut down',
      'is draining: its runs return to the queue',
      (api, id) => api.send(DrainRunnerDocument, { id }),
    ),
    change(
      'undrain',
      'Ends the drain of a runner, so that it claims runs again. Needs the role ADMIN.',
      'without a restart',
      'claims runs again',
      (api, id) => api.send(UndrainRunnerDocument, { id }),
    ),
    renameCommand(shell),
    rotateCommand(shell, home()),
  ];
}
