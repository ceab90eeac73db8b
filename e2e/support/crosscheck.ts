import { join } from 'node:path';
import { Program } from '../../processes/program.js';

/** The command that users start. npm runs tests and benches in the root of the repository. */
const script = join(process.cwd(), 'cli/crosscheck.mjs');

/** Keeps Vitest's NODE_ENV out of the programs that tests start. */
export const environment = { NODE_ENV: 'production' };

/** Starts a `crosscheck` command in its own process. */
export function startCrosscheck(args: string[], env: Record<string, string> = {}): Program {
  return new Program({
    name: `command ${args[0]}`,
    command: [process.execPath, script, ...args],
    env: { ...environment, ...env },
  });
}
