import { join } from 'node:path';
import { Program } from '../processes/program.js';
import { root } from './places.js';

export interface TaskResult {
  ok: boolean;
  /** What it printed on stdout and stderr; empty when `stopTasks` killed it. */
  output: string;
}

const killable = new Set<Program>();
let stopped = false;

/**
 * Runs a Node program in the root and waits until it ends. After `stopTasks` it runs nothing, and the result is not ok.
 * @param command the script, relative to the root, and its arguments
 * @param options.finishes whether `stopTasks` lets it finish, because it writes committed files
 */
export async function runTask(command: string[], { finishes = false } = {}): Promise<TaskResult> {
  if (stopped) return { ok: false, output: '' };
  const [script, ...args] = command;
  // Its own process group: Ctrl-C at the terminal does not reach it, and tsc, which starts a native program, dies as a whole.
  const program = new Program({
    name: script!,
    command: [process.execPath, join(root, script!), ...args],
    cwd: root,
    detached: true,
  });
  if (!finishes) killable.add(program);
  const ending = await program.ended();
  killable.delete(program);
  return { ok: ending === 0, output: stopped && !finishes ? '' : program.output };
}

/** Kills the tasks that can simply run again at the next start. */
export function stopTasks(): void {
  stopped = true;
  for (const { pid } of killable) killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
