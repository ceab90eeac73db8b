import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a runner's identity and spool are kept unless --home says otherwise. */
export function defaultHome(): string {
  return join(homedir(), '.crosscheck', 'runner');
}
