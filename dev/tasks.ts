import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './places.js';

export interface TaskResult {
  ok: boolean;
  /** What it printed, on both outputs; nothing when it was killed by `stopTasks`. */
  output: string;
}

const killable = new Set<ChildProcess>();
let stopped = false;

/**
 * Runs a Node program in the root until it ends: its script, relative to the root, and its arguments. After `stopTasks` nothing is run any more, and the result is not ok.
 * @param options.finishes it writes files that are committed: `stopTasks` lets it finish
 */
export async function runTask(command: string[], { finishes = false } = {}): Promise<TaskResult> {
  if (stopped) return { ok: false, output: '' };
  const [script, ...args] = command;
  // A process group of its own: Ctrl-C at the terminal does not reach it, and npm's tsc waits for a native program.
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

/** Kills what can be built again at the next start. */
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
