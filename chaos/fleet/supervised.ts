import { setTimeout as sleep } from 'node:timers/promises';
import { type Ending, Program, type ProgramOptions } from '../../processes/program.js';
import { until } from '../../processes/until.js';

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 3_000;
/** A program that ran for so long starts again without a longer delay. */
const STABLE_MS = 5_000;

/** A program that is started again whenever it ends, as systemd does with `Restart=always`. */
export class Supervised {
  /** How the program has ended so far. */
  readonly endings: Ending[] = [];
  private program: Program | null = null;
  private wanted = false;
  private supervision: Promise<void> = Promise.resolve();
  private mayStart: Promise<unknown> = Promise.resolve();

  /** @param options of the next start */
  constructor(private readonly options: () => ProgramOptions) {}

  /** Null while it is down. */
  get pid(): number | null {
    return this.program?.isRunning ? this.program.pid : null;
  }

  /** What the process that was started last has printed. */
  get output(): string {
    return this.program?.output ?? '';
  }

  start(): void {
    this.wanted = true;
    this.supervision = this.supervise();
  }

  /** Sends a signal to the process that runs now, if there is one. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid !== null) process.kill(this.pid, signal);
  }

  /** Ends it with SIGTERM, unless it is down, so that it starts again. @throws Error if it has not ended after `seconds` */
  async startAgain(seconds: number): Promise<void> {
    const { program } = this;
    this.signal('SIGTERM');
    await until('a program to end', seconds, () => !program?.isRunning);
  }

  /** Kills it with SIGKILL, and does not start it again until `work` is done. */
  async whileDown(work: () => Promise<unknown>): Promise<void> {
    let release = (): void => {};
    this.mayStart = new Promise<void>((resolve) => {
      release = resolve;
    });
    try {
      await this.program?.kill();
      await work();
    } finally {
      release();
    }
  }

  /** Stops it for good with SIGTERM, and after `graceSeconds` with SIGKILL. */
  async stop(graceSeconds: number): Promise<Ending | null> {
    this.wanted = false;
    const ending = this.pid === null ? null : await this.program!.stop(graceSeconds);
    await this.supervision;
    return ending;
  }

  private async supervise(): Promise<void> {
    for (let delayMs = FIRST_DELAY_MS; this.wanted; ) {
      const startedMs = Date.now();
      this.program = new Program(this.options());
      this.endings.push(await this.program.ended());
      delayMs = Date.now() - startedMs > STABLE_MS ? FIRST_DELAY_MS : Math.min(2 * delayMs, LONGEST_DELAY_MS);
      await Promise.all([sleep(delayMs), this.mayStart]);
    }
  }
}
