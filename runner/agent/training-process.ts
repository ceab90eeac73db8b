import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FromTraining, ToTraining, TrainingEnd, TrainingJob } from '../tracking/messages.js';
import type { RecordSink, Records, StopRequest } from '../tracking/tracker.js';

/** How a training process ended: what it said itself, else how the system saw it go. */
export type ProcessEnd = { said: TrainingEnd } | { said: null; how: string };

/** After a process was asked to stop or said that it had ended, it gets this long before it is killed. */
const EXIT_GRACE_MS = 10_000;
const LOG_TAIL_BYTES = 4_000;
/** Lines of a stack trace that explain nothing to a reader of a run's page. */
const NOISE = /^\s*(at |Node\.js v|[{}^]+\s*$)/;

/**
 * One forked training process. It has its own process group, so that Ctrl-C at a terminal reaches the agent alone, and
 * writes stdout and stderr to `logFile`.
 */
export class TrainingProcess {
  /** Resolves once the process is gone and the sink has all its records; never rejects. */
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcess;
  private said: TrainingEnd | null = null;
  private killTimer: NodeJS.Timeout | null = null;
  private killReason: string | null = null;
  private over = false;

  constructor(
    script: string,
    job: TrainingJob,
    private readonly logFile: string,
    sink: RecordSink<Records>,
  ) {
    const log = openSync(logFile, 'a');
    this.child = fork(script, [], {
      serialization: 'advanced',
      detached: true,
      execArgv: [],
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    this.child.on('message', (message) => {
      const heard = message as FromTraining;
      if (heard.kind === 'end') {
        this.said = heard.end;
        this.killAfter(EXIT_GRACE_MS, 'it did not exit after its end');
      } else sink.report(heard.kind, heard.record);
    });
    this.ended = this.waitForEnd();
    this.send({ type: 'job', job });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks it to stop at its next step, and kills it when it has not within the grace time. */
  stop(request: StopRequest, graceMs: number): void {
    this.send({ type: 'stop', request });
    this.killAfter(graceMs, `it did not stop within ${graceMs / 1000} s of being asked to (${request})`);
  }

  kill(): void {
    this.killReason ??= 'the agent killed it';
    this.child.kill('SIGKILL');
  }

  private send(message: ToTraining): void {
    if (!this.child.connected) return;
    // A failed write means that the process has just gone, which `ended` tells.
    this.child.send(message, () => {});
  }

  private killAfter(ms: number, reason: string): void {
    if (this.killTimer) clearTimeout(this.killTimer);
    // Nothing would clear the timer of a process that is gone: the agent could not exit until it fires.
    if (this.over) return;
    this.killTimer = setTimeout(() => {
      this.killReason = reason;
      this.child.kill('SIGKILL');
    }, ms);
  }

  private async waitForEnd(): Promise<ProcessEnd> {
    const gone = new Promise<string>((resolve) => {
      this.child.once('error', (error) => resolve(`could not be started: ${error.message}`));
      this.child.once('exit', (code, signal) => {
        resolve(signal ? `was killed by ${signal}` : `exited with code ${code} without saying how it ended`);
      });
    });
    // The channel closes after its last message, which may be later than the exit.
    const silent = this.child.connected ? once(this.child, 'disconnect') : null;
    const how = await gone;
    if (this.child.pid !== undefined) await silent;
    this.over = true;
    if (this.killTimer) clearTimeout(this.killTimer);
    if (this.said) return { said: this.said };
    const why = this.killReason ? ` (${this.killReason})` : '';
    return { said: null, how: `the training process ${how}${why}${await this.lastOutput()}` };
  }

  /** The end of what it printed: usually the reason. */
  private async lastOutput(): Promise<string> {
    const file = await open(this.logFile, 'r');
    try {
      const { size } = await file.stat();
      const tail = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
      await file.read(tail, 0, tail.length, size - tail.length);
      const lines = tail
        .toString('utf8')
        .split('\n')
        .filter((line) => line.trim() && !NOISE.test(line));
      const last = lines.slice(-3).map((line) => line.trim());
      return last.length > 0 ? `; its last output: ${last.join(' | ')}` : '';
    } finally {
      await file.close();
    }
  }
}
