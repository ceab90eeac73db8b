import { Command } from 'commander';
import { EXIT, type ExitCode, UserError } from '../../../schema/exit-codes.js';
import { WatchRunDocument } from '../../../schema/generated/cli/graphql.js';
import { jsonOption, withNotes } from '../../help.js';
import { type ServerOptions, serverOption, tokenOption } from '../../options.js';
import { RedrawnBlock } from '../../output/redrawn-block.js';
import type { Shell } from '../../shell.js';
import { READ_EXIT_CODES } from './exit-codes.js';
import { findRun } from './run-reference.js';
import { plainLines, type WatchedRun, watchedJson, watchedLines } from './watch-view.js';

interface Options extends ServerOptions {
  json: boolean;
}

const EXIT_OF_OUTCOME: Readonly<Record<string, ExitCode>> = {
  COMPLETED: EXIT.done,
  FAILED: EXIT.failed,
  CANCELED: EXIT.canceled,
};

async function watch(which: string, options: Options, { print, warn, end }: Shell): Promise<void> {
  const { Api } = await import('../../api.js');
  const api = Api.of(options);
  // Over HTTP, a missing run, a bad token and a server that does not answer are told apart.
  const found = await findRun(api, which);
  const { show, leave } = viewFor({ json: options.json, print });
  const onLost = (reason: string): void => {
    leave();
    warn(`lost the connection to ${api.url} (${reason}); waiting for it`);
  };
  for await (const { runChanged: run } of api.follow(WatchRunDocument, { runId: found.id }, onLost)) {
    show(run);
    const code = EXIT_OF_OUTCOME[run.state];
    if (code === undefined) continue;
    warn(`run #${run.number} is ${run.state}${run.failure ? `: ${run.failure}` : ''}`);
    end(code);
    return;
  }
  throw new UserError(`run #${found.number} was deleted`);
}

interface View {
  /** Shows a run as it is now, after what was shown before. */
  show(run: WatchedRun): void;
  /** Call it before something else is printed. */
  leave(): void;
}

function viewFor({ json, print }: { json: boolean; print: Shell['print'] }): View {
  const leave = (): void => {};
  if (json) return { show: (run) => print(JSON.stringify(watchedJson(run))), leave };
  if (!process.stdout.isTTY) return { show: plainLines(print), leave };
  const block = new RedrawnBlock(process.stdout);
  return { show: (run) => block.show(watchedLines(run)), leave: () => block.leave() };
}

export function watchCommand(shell: Shell): Command {
  const command = new Command('watch')
    .description('Follows a run until it ends: progress, losses, mIoU and alarms.')
    .argument('<run>', 'its number, such as 12 or #12, or its id')
    .addOption(jsonOption('print one JSON object per line, whenever something has changed; mIoU in [0, 1]'))
    .addOption(serverOption())
    .addOption(tokenOption())
    .action(async (which: string, options: Options) => watch(which, options, shell));
  return withNotes(command, {
    examples: [
      ['run watch 12', 'in a terminal, redrawn in place; elsewhere, a line for each tenth of the run'],
      ['run watch 12 && crosscheck run classes 12', 'its classes, if it is completed'],
      ["run watch 12 --json | jq -c '[.step, .values.loss]'", 'for a script'],
    ],
    exitCodes: {
      ...READ_EXIT_CODES,
      done: 'the run is completed',
      failed: 'the run has failed, or something unexpected went wrong',
      refused: 'a bad argument, an unknown or deleted run, or a missing or invalid token',
      canceled: 'the run was canceled',
      interrupted: 'stopped by Ctrl-C; the run continues',
    },
  });
}
