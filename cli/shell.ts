import type { ExitCode } from '../schema/exit-codes.js';

/** What a command gets from its caller. */
export interface Shell {
  /** Prints a line of the result to standard output. */
  print(line: string): void;
  /** Writes a part of a long result to standard output. Resolves when more can be written. */
  write(text: string): Promise<void>;
  /** Prints a line that is meant for people only to standard error. */
  warn(line: string): void;
  /** Sets the exit code, which is 0 otherwise. */
  end(code: ExitCode): void;
}
