import type { FromTraining } from '../tracking/messages.js';
import { logTo, type RecordSink, type Records, type TrainingPhase } from '../tracking/tracker.js';

/** The first step, evaluation or checkpoint also compiles and allocates. */
const FIRST_TIME = 3;
/** A setup may check a whole dataset and download weights. No limit is longer than this. */
const LONGEST = 12;
/** How many times as long as the longest silence in the same phase a silence may be. */
const TIMES_LONGEST = 20;
/** How often it looks: this number of times within `stallSeconds`, and at least once a second. */
const TICKS_PER_LIMIT = 20;

/** What the alarm is about: all networks, because one process trains them. */
const STALLED = { kind: 'STALLED', network: null, classIndex: null } as const;

const IN_PHASE: Record<TrainingPhase, string> = {
  setup: 'during the setup',
  step: 'in a step',
  evaluation: 'in an evaluation',
  samples: 'while samples were predicted',
  checkpoint: 'while a checkpoint was written',
};

export interface WatchdogOptions {
  /** How long a process may be silent in a phase that it has completed before. */
  stallSeconds: number;
  sink: RecordSink<Pick<Records, 'alarm' | 'alarmEnd' | 'log'>>;
  log: (message: string) => void;
  kill: (reason: string) => void;
}

/**
 * Notices a training process that hangs: one that is stopped, deadlocked, or waits for a GPU or a file server that does
 * not answer. After the limit, it raises the alarm STALLED, which is over when the process says something again. After
 * twice the limit, it kills the process, and the run is queued again.
 *
 * The limit is `stallSeconds`, or 20 times the longest silence so far in the same phase, at most 12 times
 * `stallSeconds`. It is 3 times `stallSeconds` in a phase that has not been completed before, and 12 times in the setup.
 */
export class Watchdog {
  private phase: TrainingPhase = 'setup';
  private step = 0;
  private readonly longestMs = new Map<TrainingPhase, number>();
  private silentMs = 0;
  private told = false;
  private lastTick = performance.now();
  private readonly tickMs: number;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly options: WatchdogOptions) {
    this.tickMs = Math.min(1000, (options.stallSeconds * 1000) / TICKS_PER_LIMIT);
    this.timer = setInterval(() => this.tick(), this.tickMs);
  }

  /** Tells it what the training process has said. */
  heard(message: FromTraining): void {
    this.longestMs.set(this.phase, Math.max(this.longestMs.get(this.phase) ?? 0, this.silentMs));
    if (message.kind === 'progress') {
      this.phase = message.phase;
      this.step = message.step;
    } else if (message.kind === 'points') this.step = message.record.step;
    if (this.told) {
      this.told = false;
      this.options.sink.report('alarmEnd', { step: this.step, ...STALLED });
      this.say('INFO', `training continues after ${seconds(this.silentMs)} s of silence`);
    }
    this.silentMs = 0;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const now = performance.now();
    // When this process or the whole machine was suspended, the training process could not say anything either.
    this.silentMs += Math.min(now - this.lastTick, 2 * this.tickMs);
    this.lastTick = now;
    const limitMs = this.limitMs;
    if (!this.told && this.silentMs >= limitMs) this.raise(limitMs);
    else if (this.told && this.silentMs >= 2 * limitMs) {
      this.stop();
      this.options.kill(`it hung: it was silent for ${seconds(this.silentMs)} s ${this.where}`);
    }
  }

  private get limitMs(): number {
    const stallMs = this.options.stallSeconds * 1000;
    const most = LONGEST * stallMs;
    if (this.phase === 'setup') return most;
    const longest = this.longestMs.get(this.phase);
    if (longest === undefined) return FIRST_TIME * stallMs;
    return Math.min(Math.max(stallMs, TIMES_LONGEST * longest), most);
  }

  private raise(limitMs: number): void {
    this.told = true;
    const longest = this.longestMs.get(this.phase);
    const before = longest === undefined ? '' : ` (the longest silence there so far was ${seconds(longest)} s)`;
    const message =
      `the training process has been silent for ${seconds(this.silentMs)} s ${this.where}${before}; ` +
      `if it stays silent for another ${seconds(limitMs)} s, it is killed and the run is queued again`;
    this.options.sink.report('alarm', { step: this.step, ...STALLED, message });
    this.say('WARN', message);
  }

  private get where(): string {
    return this.phase === 'setup' ? IN_PHASE.setup : `${IN_PHASE[this.phase]} after step ${this.step}`;
  }

  private say(level: 'INFO' | 'WARN', message: string): void {
    logTo(this.options.sink, level, message);
    this.options.log(message);
  }
}

function seconds(ms: number): string {
  return ms < 10_000 ? (ms / 1000).toFixed(1) : String(Math.round(ms / 1000));
}
