import { ServerFault } from '../runner/agent/errors.js';
import { EXIT, type ExitCode, UserError } from '../schema/exit-codes.js';

const EXIT_OF_FAULT = { unreachable: EXIT.unreachable, broken: EXIT.failed, refused: EXIT.refused } as const;

/** What to print and which exit code to end with, for any error of a command. */
export function describeError(error: unknown): { message: string; exitCode: ExitCode } {
  if (error instanceof UserError) return { message: error.message, exitCode: error.exitCode };
  if (error instanceof ServerFault) return { message: error.message, exitCode: EXIT_OF_FAULT[error.kind] };
  return { message: error instanceof Error ? error.message : String(error), exitCode: EXIT.failed };
}
