import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { FromTraining, ToTraining, TrainingEnd, TrainingJob } from '../tracking/messages.js';
import { logTo, type RecordSink, type Records, type StopRequest } from '../tracking/tracker.js';
import { outOfMemoryKills, whyKilled } from './out-of-memory.js';
import { keepOutput, tailOf } from './process-output.js';

/** How a training process ended: the end that it reported or, if it reported none, how it exited. */
export type ProcessEnd = { said: TrainingEnd } | { said: null; how: string };

/** After a process has reported its end, it has this long to exit before it is killed. */
const EXIT_GRACE_MS = 10_000;
const LOG_TAIL_BYTES = 4_000;
/** After these ends, nobody looks for a cause. */
const UNEVENTFUL = new Set<TrainingEnd['outcome']>(['completed', 'drained', 'canceled']);
/** Stack trace lines that do not help the reader of a run's page. */
const NOISE = /^\s*(at |Node\.js v|[{}^]+\s*$)/;

/**
 * One forked training process. It has its own process group, so that Ctrl-C in a terminal reaches only the agent. Its
 * stdout and stderr go to `logFile`.
 */
export class TrainingProcess {
  /** Resolves when the process has exited and the sink has all its records. Never rejects. */
  readonly ended: Promise<ProcessEnd>;
  private readonly child: ChildProcess;
  private said: TrainingEnd | null = null;
  private killTimer: NodeJS.Timeout | null = null;
  private killReason: string | null = null;
  private over = false;
  private readonly killsBefore = outOfMemoryKills();

  constructor(
    script: string,
    job: TrainingJob,
    private readonly logFile: string,
    private readonly sink: RecordSink<Records>,
    /** Gets the lines that are only for the owner of this machine. */
    privately: (message: string) => void,
    /** Called with every message, before anything else is done with it. */
    onMessage: (message: FromTraining) => void = () => {},
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
      onMessage(heard);
      if (heard.kind === 'end') {
        this.said = heard.end;
        this.killAfter(EXIT_GRACE_MS, 'it did not exit after it reported how training ended');
      } else if (heard.kind === 'private') privately(heard.message);
      else if (heard.kind !== 'progress') sink.report(heard.kind, heard.record);
    });
    this.ended = this.waitForEnd();
    this.send({ type: 'job', job });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  /** Asks the process to stop at its next step, and kills it when the grace time is over. */
  stop(request: StopRequest, graceMs: number): void {
    this.send({ type: 'stop', request });
    this.killAfter(graceMs, `it did not stop within ${graceMs / 1000} s of the stop request (${request})`);
  }

  kill(reason = 'the agent killed it'): void {
    this.killReason ??= reason;
    this.child.kill('SIGKILL');
  }

  private send(message: ToTraining): void {
    if (!this.child.connected) return;
    // A failed write means that the process has just exited. `ended` reports that.
    this.child.send(message, () => {});
  }

  private killAfter(ms: number, reason: string): void {
    if (this.killTimer) clearTimeout(this.killTimer);
    // After the process has exited, nothing would clear the timer, and the agent could not exit until it fires.
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
        resolve(signal ? `was killed by ${signal}` : `exited with code ${code} before it reported how training ended`);
      });
    });
    // The channel closes after its last message, which may arrive after the exit.
    const silent = this.child.connected ? once(this.child, 'disconnect') : null;
    const how = await gone;
    if (this.child.pid !== undefined) await silent;
    this.over = true;
    if (this.killTimer) clearTimeout(this.killTimer);
    if (!this.said || !UNEVENTFUL.has(this.said.outcome)) {
      await keepOutput(this.logFile, this.sink).catch(({ message }: Error) =>
        logTo(this.sink, 'WARN', `the output of the training process cannot be read: ${message}`),
      );
    }
    if (this.said) return { said: this.said };
    const reason = this.killReason ?? (how.endsWith('SIGKILL') ? whyKilled(this.killsBefore) : null);
    const why = reason === null ? '' : ` (${reason})`;
    return { said: null, how: `the training process ${how}${why}${await this.lastOutput()}` };
  }

  /** The last lines that it printed, which usually give the reason. */
  private async lastOutput(): Promise<string> {
    // If it cannot be read, a line of the log says so.
    const { text } = await tailOf(this.logFile, LOG_TAIL_BYTES).catch(() => ({ text: '' }));
    const lines = text.split('\n').filter((line) => line.trim() && !NOISE.test(line));
    const last = lines.slice(-3).map((line) => line.trim());
    return last.length > 0 ? `; its last output: ${last.join(' | ')}` : '';
  }
}
