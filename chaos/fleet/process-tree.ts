import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What Linux says about processes. */

/** The processes that the main thread of this one has started and that still run. */
export function childrenOf(parent: number): number[] {
  // Not by looking at every process: that is slow, and links and faults would wait.
  const children = contentOf(`/proc/${parent}/task/${parent}/children`) ?? '';
  return children
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

/** Null if there is no such process. */
export function parentOf(pid: number): number | null {
  const stat = contentOf(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may contain spaces and parentheses. After it come the state and the parent.
  const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? null : Number(parent);
}

/** The processes, other than this one, that were started with this in their environment, as `pid: command`. */
export function startedWith(variable: string, value: string): string[] {
  const marked = allProcesses().filter((pid) => {
    const environment = contentOf(`/proc/${pid}/environ`)?.split('\0') ?? [];
    return pid !== process.pid && environment.includes(`${variable}=${value}`);
  });
  return marked.map((pid) => `${pid}: ${contentOf(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ')}`);
}

const allProcesses = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Null if the process has just ended, or belongs to somebody else. */
function contentOf(file: string): string | null {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : null;
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES'].includes((error as NodeJS.ErrnoException).code!)) return null;
    throw error;
  }
}
