/** The exit codes of every `crosscheck` command; docs/command-line.md lists them for scripts. */
export const EXIT = {
  done: 0,
  failed: 1,
  refused: 2,
  nothingToDo: 3,
  unreachable: 4,
  interrupted: 130,
} as const;

export type ExitName = keyof typeof EXIT;
export type ExitCode = (typeof EXIT)[ExitName];

/** What they mean in general; a command's help says what they mean for it. */
export const EXIT_MEANINGS: Record<ExitName, string> = {
  done: 'done',
  failed: 'a run failed, or something unexpected went wrong',
  refused: 'refused: bad arguments, bad input, bad settings, or a request that the server rejects',
  nothingToDo: 'nothing to do: the queue holds no run that fits this runner',
  unreachable: 'the server or its database cannot be reached',
  interrupted: 'interrupted by Ctrl-C or SIGTERM before it was done',
};

/** Something that the person at the terminal can fix: shown as its message alone, without a stack trace. */
export class UserError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = EXIT.refused,
  ) {
    super(message);
  }
}
