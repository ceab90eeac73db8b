import type { ExitCode } from '../schema/exit-codes.js';

/** What a command gets from its caller. */
export interface Shell {
  /** Prints a line of the result to standard output. */
  print(line: string): void;
  /** Prints a line that is meant for people only to standard error. */
  warn(line: string): void;
  /** Sets the exit code, which is 0 otherwise. */
  end(code: ExitCode): void;
}
