import { join } from 'node:path';

/** Where a runner remembers which datasets have passed the check. */
export function checkedFolderOf(home: string): string {
  return join(home, 'checked');
}
