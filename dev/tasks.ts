import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './places.js';

export interface TaskResult {
  ok: boolean;
  /** What it printed on stdout and stderr; empty when `stopTasks` killed it. */
  output: string;
}

const killable = new Set<ChildProcess>();
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
  const child = spawn(process.execPath, [join(root, script!), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  if (!finishes) killable.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  killable.delete(child);
  return { ok: code === 0, output: stopped && !finishes ? '' : output };
}

/** Kills the tasks that can simply run again at the next start. */
export function stopTasks(): void {
  stopped = true;
  for (const { pid } of killable) if (pid !== undefined) killGroup(pid);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
