import { join } from 'node:path';
import { Program } from '../../processes/program.js';

/** Tests start what a user starts. npm runs tests and benches in the root. */
const script = join(process.cwd(), 'cli/crosscheck.mjs');

/** Vitest's own NODE_ENV is not for the programs that tests start. */
export const environment = { NODE_ENV: 'production' };

/** Starts a `crosscheck` command in a process of its own. */
export function startCrosscheck(args: string[], env: Record<string, string> = {}): Program {
  return new Program({
    name: `command ${args[0]}`,
    command: [process.execPath, script, ...args],
    env: { ...environment, ...env },
  });
}
