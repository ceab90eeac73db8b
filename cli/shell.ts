import type { ExitCode } from '../schema/exit-codes.js';

/** What a command gets from whoever runs it. */
export interface Shell {
  /** A line of the result: standard output. */
  print(line: string): void;
  /** A line for the person alone: standard error. */
  warn(line: string): void;
  /** Sets the exit code, which is 0 otherwise. */
  end(code: ExitCode): void;
}
