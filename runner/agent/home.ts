import { homedir } from 'node:os';
import { join } from 'node:path';

/** The default --home, where a runner stores its identity and its spool. */
export function defaultHome(): string {
  return join(homedir(), '.crosscheck', 'runner');
}
