import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Part, say, sayLinesOf } from './output.js';
import { root } from './places.js';

export interface ProgramOptions {
  part: Part;
  /** The compiled script, relative to the root, and its arguments. */
  command: string[];
  env?: Record<string, string>;
  /** How long it may take to stop before it is killed. */
  graceSeconds: number;
  /** Turns a line of its output into what is printed; '' prints nothing. */
  format?: (line: string) => string;
  /** Whether it is ready; asked after each start until it is ready or has ended. */
  isUp?: () => Promise<boolean>;
  /** Called after each start, once it is ready. */
  onUp?: () => void;
}

const ASK_AGAIN_MS = 100;

/** A program that runs until it is stopped and can be restarted with new code. */
export class Program {
  private child: ChildProcess | null = null;
  private isUp = false;
  private restarting: Promise<void> | null = null;
  /** Once set, it never starts again. */
  private closed = false;

  constructor(private readonly options: ProgramOptions) {}

  get running(): boolean {
    return this.child !== null;
  }

  /** Whether it is ready. */
  get up(): boolean {
    return this.isUp;
  }

  start(): void {
    if (this.closed || this.child) return;
    const { part, command, env, format } = this.options;
    const [script, ...args] = command;
    const child = spawn(process.execPath, [join(root, script!), ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C at the terminal reaches npm run dev alone, which then stops its programs in order.
      detached: true,
    });
    this.child = child;
    sayLinesOf(part, child.stdout, format);
    sayLinesOf(part, child.stderr, format);
    void this.waitUntilUp(child);
    child.once('close', (code, signal) => {
      this.child = null;
      this.isUp = false;
      if (!this.closed && !this.restarting) {
        say(part, `stopped unexpectedly (${signal ?? `exit code ${code}`}); it restarts when its code changes`);
      }
    });
  }

  /** Stops it and starts it with the newest code. A second call while it is stopping has no effect. */
  restart(): Promise<void> {
    this.restarting ??= this.end().then(() => {
      this.restarting = null;
      this.start();
    });
    return this.restarting;
  }

  /** Stops it for good. */
  async close(): Promise<void> {
    this.closed = true;
    await this.end();
  }

  /** Kills it. Its own children notice: PostgreSQL shuts down and training ends. */
  kill(): void {
    this.closed = true;
    this.child?.kill('SIGKILL');
  }

  private async waitUntilUp(child: ChildProcess): Promise<void> {
    const { isUp, onUp } = this.options;
    if (!isUp) return;
    while (this.child === child) {
      this.isUp = (await isUp()) && this.child === child;
      if (this.isUp) return onUp?.();
      await sleep(ASK_AGAIN_MS);
    }
  }

  private async end(): Promise<void> {
    const { child } = this;
    if (!child) return;
    this.isUp = false;
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    const { part, graceSeconds } = this.options;
    const force = setTimeout(() => {
      say(part, `did not stop within ${graceSeconds} s: killed`);
      child.kill('SIGKILL');
    }, graceSeconds * 1000);
    await closed;
    clearTimeout(force);
  }
}
