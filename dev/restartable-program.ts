import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Program } from '../processes/program.js';
import { type Part, say } from './output.js';
import { root } from './places.js';

export interface RestartableProgramOptions {
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
export class RestartableProgram {
  private program: Program | null = null;
  private isUp = false;
  /** Resolves once the end of the program has been handled. */
  private over: Promise<void> = Promise.resolve();
  private restarting: Promise<void> | null = null;
  /** Once set, it never starts again. */
  private closed = false;

  constructor(private readonly options: RestartableProgramOptions) {}

  get running(): boolean {
    return this.program !== null;
  }

  /** Whether it is ready. */
  get up(): boolean {
    return this.isUp;
  }

  start(): void {
    if (this.closed || this.program) return;
    const { part, command, env, format = (line: string): string => line } = this.options;
    const [script, ...args] = command;
    const program = new Program({
      name: part,
      command: [process.execPath, join(root, script!), ...args],
      cwd: root,
      env,
      detached: true,
      onLine: (line) => say(part, format(line)),
    });
    this.program = program;
    void this.waitUntilUp(program);
    this.over = program.ended().then((ending) => {
      this.program = null;
      this.isUp = false;
      if (!this.closed && !this.restarting) {
        const how = typeof ending === 'number' ? `exit code ${ending}` : ending;
        say(part, `stopped unexpectedly (${how}); it restarts when its code changes`);
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
    void this.program?.kill();
  }

  private async waitUntilUp(program: Program): Promise<void> {
    const { isUp, onUp } = this.options;
    if (!isUp) return;
    while (this.program === program) {
      this.isUp = (await isUp()) && this.program === program;
      if (this.isUp) return onUp?.();
      await sleep(ASK_AGAIN_MS);
    }
  }

  private async end(): Promise<void> {
    this.isUp = false;
    const { part, graceSeconds } = this.options;
    await this.program?.stop(graceSeconds, () => say(part, `did not stop within ${graceSeconds} s: killed`));
    await this.over;
  }
}
