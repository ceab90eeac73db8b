import { Command, CommanderError } from 'commander';
import { EXIT, type ExitCode } from '../schema/exit-codes.js';
import { datasetCommand } from './commands/dataset.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { accountCommand } from './commands/people/account.js';
import { tokenCommand } from './commands/people/token.js';
import { queueCommand } from './commands/queue.js';
import { runCommand } from './commands/run/run.js';
import { runnerCommand } from './commands/runner.js';
import { serverCommand } from './commands/server.js';
import { studyCommand } from './commands/study/study.js';
import { describeError } from './describe-error.js';
import { GROUP_EXIT_CODES, withNotes } from './help.js';
import type { Shell } from './shell.js';
import { version } from './version.js';

/** Runs one command line, given without `crosscheck`, and returns its exit code. A server that it started keeps running. */
export async function runCommandLine(args: string[], terminal: Omit<Shell, 'end'>): Promise<ExitCode> {
  let exitCode: ExitCode = EXIT.done;
  const end = (code: ExitCode): void => {
    exitCode = code;
  };
  try {
    await createProgram({ ...terminal, end }).parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has already printed what is wrong with the arguments.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.refused;
    const described = describeError(error);
    terminal.warn(`error: ${described.message}`);
    return described.exitCode;
  }
}

/** Every command. What a command needs is loaded when it runs: `--help` loads neither the server nor a tensor library. */
export function createProgram(shell: Shell): Command {
  const program = new Command('crosscheck')
    .description('Tracks and trains semi-supervised semantic segmentation.')
    .version(version)
    .addCommand(serverCommand())
    .addCommand(runnerCommand(shell))
    .addCommand(runCommand(shell))
    .addCommand(studyCommand(shell))
    .addCommand(queueCommand(shell))
    .addCommand(demoCommand(shell))
    .addCommand(tokenCommand(shell))
    .addCommand(accountCommand(shell))
    .addCommand(datasetCommand(shell))
    .addCommand(doctorCommand(shell));
  withNotes(program, {
    examples: [
      ['demo', 'run everything once on this machine'],
      ['server', 'start a server with its own database'],
      ['run list --state FAILED', 'the failed runs of the server at localhost'],
      ['runner register --help', 'the options of one command'],
    ],
    exitCodes: GROUP_EXIT_CODES,
  });
  for (const command of withSubcommands(program)) prepare(command, shell);
  return program;
}

/** A command and all commands below it. */
export function withSubcommands(command: Command): Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

function prepare(command: Command, { print, warn }: Shell): void {
  const line = (write: (line: string) => void) => (text: string) => write(text.replace(/\n$/, ''));
  command.exitOverride().configureOutput({
    writeOut: line(print),
    writeErr: line(warn),
    // On one line: commander prints its suggestion on a second one.
    outputError: (text, write) => write(text.replace('\n(', ' (')),
  });
}
