import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compiledFile } from '../../runner/compiled/compiled-file.js';
import { EXIT, UserError } from '../../schema/exit-codes.js';
import { OutputTail } from './output-tail.js';
import { Interrupted, type Stopped } from './stopped.js';

const commandLine = compiledFile('../main.js', import.meta.url);

const LAST_WORDS_MS = 2000;

/** A `crosscheck` command that runs beside this one; what it prints goes to a log file. */
export class Program {
  private readonly tail = new OutputTail();

  private constructor(
    private readonly name: string,
    private readonly child: ChildProcess,
    readonly logFile: string,
  ) {
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding('utf8').on('data', (text: string) => this.tail.add(text));
    }
  }

  /** Starts `crosscheck <args>`; its output goes to `<directory>/<name>.log`. */
  static start(name: string, args: string[], directory: string, env: Record<string, string>): Program {
    const logFile = join(directory, `${name}.log`);
    const log = createWriteStream(logFile, { flags: 'a' });
    // detached: Ctrl-C reaches this process alone, which then stops its programs in order.
    const child = spawn(process.execPath, [commandLine, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...env },
    });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    return new Program(name, child, logFile);
  }

  /** @throws Error with its last lines when the program has ended, which the server and the agent never do unasked */
  async assertRunning(): Promise<void> {
    if (this.ended) throw await this.failure('stopped unexpectedly');
  }

  /** Whether one of the last lines that it printed contains `text`. */
  printed(text: string): boolean {
    return this.tail.toString().includes(text);
  }

  /** Waits for the program to end by itself. @throws Error with its last lines when its exit code is not 0 */
  async finished(): Promise<void> {
    if (!this.ended) await once(this.child, 'exit');
    if (this.child.exitCode !== 0) throw await this.failure('failed');
  }

  /** Asks the program to end; ends it by force when it has not done so within the grace time. */
  async stop(graceSeconds: number): Promise<void> {
    if (this.ended) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.child.kill('SIGKILL'), graceSeconds * 1000);
    await exit;
    clearTimeout(force);
  }

  private get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  private async failure(what: string): Promise<Error> {
    // It may have ended before all of its output was read. A process that it left behind may hold its pipes open.
    const open = [this.child.stdout!, this.child.stderr!].filter((stream) => !stream.readableEnded);
    await Promise.race([Promise.all(open.map((stream) => once(stream, 'end'))), sleep(LAST_WORDS_MS)]);
    const ending = this.child.signalCode ?? `exit code ${this.child.exitCode}`;
    const said = this.tail.toString().replace(/^error: /, '');
    const message = `the ${this.name} ${what} (${ending}): ${said || 'it printed nothing'}\nFull output: ${this.logFile}`;
    // What it refused, a dataset say, this command's user can correct.
    return this.child.exitCode === EXIT.refused ? new UserError(message) : new Error(message);
  }
}

/** The preferred port if nothing listens there, otherwise a free one. */
export async function freePort(preferred: number): Promise<number> {
  for (const port of [preferred, 0]) {
    const server = createServer();
    const listening = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!listening) continue;
    const address = server.address();
    server.close();
    await once(server, 'close');
    if (address && typeof address === 'object') return address.port;
  }
  throw new Error('no free port on 127.0.0.1');
}

/**
 * Calls `check` until it returns something other than null; a thrown error counts as "not yet".
 * @param program what is waited for
 * @throws Interrupted when the user stops it, Error after `seconds` or when the program has ended
 */
export async function waitFor<T>(
  what: string,
  program: Program,
  seconds: number,
  stopped: Stopped,
  check: () => Promise<T | null>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  let last: unknown = null;
  while (Date.now() < deadline) {
    if (stopped.yet) throw new Interrupted();
    await program.assertRunning();
    const answer = await check().catch((error: unknown) => {
      last = error;
      return null;
    });
    if (answer !== null) return answer;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, 200)), stopped.promise]);
  }
  throw new Error(`waited ${seconds} s for ${what}${last instanceof Error ? `: ${last.message}` : ''}`);
}
