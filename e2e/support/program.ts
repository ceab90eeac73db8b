import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Tests start what a user starts. npm runs tests and benches in the root. */
const crosscheck = join(process.cwd(), 'cli/crosscheck.mjs');

/** A `crosscheck` command in a process of its own; what it prints is kept for failing tests. */
export class Program {
  output = '';
  private readonly child: ChildProcess;

  constructor(args: string[], env: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [crosscheck, ...args], {
      env: { ...process.env, NODE_ENV: 'production', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Closes the pipe into which it prints, as `| head` does; its complaints are still read. */
  stopReading(): void {
    this.child.stdout!.destroy();
  }

  /** Waits for it to end; its exit code, or the signal that ended it. */
  async ended(): Promise<number | string> {
    if (this.isRunning) await once(this.child, 'exit');
    return this.child.signalCode ?? this.child.exitCode!;
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | string> {
    if (this.isRunning) this.child.kill(signal);
    return this.ended();
  }
}

/** Asks until the answer is something other than null, false or undefined. @throws Error naming `what` after `seconds`. */
export async function until<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T> | T,
): Promise<Exclude<T, false | null | undefined>> {
  const endMs = Date.now() + seconds * 1000;
  while (Date.now() < endMs) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`);
}
