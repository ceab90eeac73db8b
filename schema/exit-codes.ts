/** The exit codes of every `crosscheck` command; docs/command-line.md lists them for scripts. */
export const EXIT = {
  done: 0,
  failed: 1,
  refused: 2,
  nothingToDo: 3,
  unreachable: 4,
  canceled: 5,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

/** Their general meaning. A command's help says what they mean for that command. */
export const EXIT_MEANINGS: Record<ExitName, string> = {
  done: 'done',
  failed: 'a run failed, or something unexpected went wrong',
  refused: 'refused: bad arguments, bad input, bad settings, or a request that the server rejects',
  nothingToDo: 'nothing to do: the queue holds no run that fits this runner',
  unreachable: 'the server or its database cannot be reached',
  canceled: 'the run that was watched was canceled',
  interrupted: 'interrupted by Ctrl-C or SIGTERM before it was done',
};

/** An error that the user can fix. Only its message is shown, without a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.refused,
  ) {
    super(message);
  }
}
