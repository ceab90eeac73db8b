import { join } from 'node:path';

/** Where a runner remembers which datasets it has found good. */
export function checkedFolderOf(home: string): string {
  return join(home, 'checked');
}
