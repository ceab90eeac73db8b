import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines } from './last-lines.js';

export interface ProgramOptions {
  /** Its name in messages: "the <name> failed". */
  name: string;
  /** The executable and its arguments. */
  command: readonly [string, ...string[]];
  cwd?: string;
  /** Added to this process's environment. */
  env?: Record<string, string>;
  /** Runs in its own process group: Ctrl-C at the terminal does not reach it, so this process can stop programs in order. */
  detached?: boolean;
  /** A file to append its output to. */
  logFile?: string;
  /** Called with each line that it prints. */
  onLine?: (line: string) => void;
}

/** How a program ended: its exit code, or the signal that ended it. */
export type Ending = number | NodeJS.Signals;

/** How much output is kept: enough for every message, and not too much for a server that runs for a long time. */
const KEPT_CHARACTERS = 2 ** 21;
const LAST_WORDS_MS = 2000;

/** A program has ended unexpectedly, or with an exit code other than 0. */
export class ProgramFailed extends Error {
  constructor(
    message: string,
    readonly ending: Ending,
  ) {
    super(message);
  }
}

/** A program in its own process. Keeps its output, for messages and to wait for a line of it. */
export class Program {
  /** What it has printed so far, to stdout and stderr. Only the end is kept if it is very long. */
  output = '';
  private readonly child: ChildProcess;
  private readonly exited: Promise<void>;
  private readonly closed: Promise<void>;
  /** Emits "change" when the program has printed something, and when it has ended. */
  private readonly changes = new EventEmitter();
  private isOver = false;

  /** Starts it. */
  constructor(private readonly options: ProgramOptions) {
    const { command, cwd, env, detached, logFile, onLine } = options;
    const [executable, ...args] = command;
    this.child = spawn(executable, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached,
    });
    this.exited = new Promise((resolve) => this.child.once('exit', () => resolve()));
    this.closed = new Promise((resolve) => this.child.once('close', () => resolve()));
    const log = logFile === undefined ? null : createWriteStream(logFile, { flags: 'a' });
    void this.closed.then(() => log?.end());
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log?.write(text);
        this.keep(text);
      });
      if (onLine) createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', onLine);
    }
    void this.ended().then(() => {
      this.isOver = true;
      this.changes.emit('change');
    });
  }

  get pid(): number {
    return this.child.pid!;
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Closes the pipe of its stdout, as `| head` does. Its stderr is still read. */
  stopReading(): void {
    this.child.stdout!.destroy();
  }

  /**
   * Waits until it has printed `text`.
   * @param from an earlier length of `output`; text printed before that is ignored
   * @throws ProgramFailed if the program ends first; Error after `seconds`
   */
  async printed(text: string, seconds: number, from = 0): Promise<void> {
    const signal = AbortSignal.timeout(seconds * 1000);
    while (!this.output.includes(text, from)) {
      if (this.isOver) throw await this.failure('stopped unexpectedly');
      if (signal.aborted) {
        throw new Error(`timed out after ${seconds} s waiting for the ${this.options.name} to print "${text}"`);
      }
      await once(this.changes, 'change', { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    }
  }

  /** @throws ProgramFailed with the last lines of its output, if it has ended */
  async assertRunning(): Promise<void> {
    if (!this.isRunning) throw await this.failure('stopped unexpectedly');
  }

  /** Waits until it ends by itself. @throws ProgramFailed with the last lines of its output, if its exit code is not 0 */
  async finished(): Promise<void> {
    if ((await this.ended()) !== 0) throw await this.failure('failed');
  }

  /** Waits until it has ended and its output has been read. */
  async ended(): Promise<Ending> {
    await this.exited;
    // A process that it has left behind may keep its pipes open.
    await Promise.race([this.closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    return this.child.signalCode ?? this.child.exitCode!;
  }

  /**
   * Asks it to stop, and waits until it has ended.
   * @param graceSeconds how long it may take before it is killed; by default, it is never killed
   * @param onKill called before it is killed
   */
  async stop(graceSeconds?: number, onKill?: () => void): Promise<Ending> {
    if (this.isRunning) this.child.kill('SIGTERM');
    if (graceSeconds === undefined) return this.ended();
    const force = setTimeout(() => {
      onKill?.();
      this.child.kill('SIGKILL');
    }, graceSeconds * 1000);
    await this.exited;
    clearTimeout(force);
    return this.ended();
  }

  /** Kills it with SIGKILL. The signal is sent before this returns. */
  kill(): Promise<Ending> {
    if (this.isRunning) this.child.kill('SIGKILL');
    return this.ended();
  }

  private keep(text: string): void {
    this.output += text;
    if (this.output.length > 2 * KEPT_CHARACTERS) this.output = this.output.slice(-KEPT_CHARACTERS);
    this.changes.emit('change');
  }

  private async failure(what: string): Promise<ProgramFailed> {
    const ending = await this.ended();
    const how = typeof ending === 'number' ? `exit code ${ending}` : ending;
    const said = lastLines(this.output).replace(/^error: /, '') || 'it printed nothing';
    const log = this.options.logFile ? `\nFull output: ${this.options.logFile}` : '';
    return new ProgramFailed(`the ${this.options.name} ${what} (${how}): ${said}${log}`, ending);
  }
}
