import type { FromTraining } from '../tracking/messages.js';
import type { LogLevel } from '../tracking/tracker.js';
import { ReportDraft } from './report-draft.js';
import type { Spool } from './spool.js';

/** A point leaves the agent at most this long after it was reported, as long as the server keeps up. */
const FLUSH_MS = 80;
/** While reports wait, later ones are made longer instead of more. */
const BACKLOG_FLUSH_MS = 2_000;
const REPORT_BYTES = 256 * 1024;

/**
 * Turns what training says into numbered reports in the spool, keeping the order: a message is taken only when the one
 * before it has been stored, because hashing a checkpoint takes time.
 */
export class Reporter {
  private readonly draft = new ReportDraft();
  private work: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private oldestMs = 0;

  /** `onReport` is called when a report was added, `onError` when the disk fails: nothing can be kept then. */
  constructor(
    private readonly spool: Spool,
    private readonly onReport: () => void,
    private readonly onError: (error: Error) => void,
  ) {}

  take(message: FromTraining): void {
    this.enqueue(() => this.add(message));
  }

  /** A line of the agent's own in the run's log. */
  log(level: LogLevel, message: string): void {
    this.take({ type: 'log', at: new Date().toISOString(), level, message });
  }

  /** Resolves when everything that was taken lies in the spool. */
  async flush(): Promise<void> {
    this.enqueue(() => this.cut());
    await this.work;
  }

  private enqueue(task: () => Promise<void>): void {
    this.work = this.work.then(task).catch(this.onError);
  }

  private async add(message: FromTraining): Promise<void> {
    if (message.type === 'end') return;
    if (this.draft.isEmpty) this.oldestMs = Date.now();
    if (message.type === 'setup') this.draft.setup(message.setup);
    else if (message.type === 'points') this.draft.points(message.step, message.values);
    else if (message.type === 'evaluation') this.draft.evaluation(message.record);
    else if (message.type === 'pseudoLabels') this.draft.pseudoLabels(message.record);
    else if (message.type === 'alarm') this.draft.alarm(message.record);
    else if (message.type === 'log') {
      this.draft.log({ at: message.at, level: message.level, message: message.message });
    } else if (message.type === 'sample') {
      const { png, ...sample } = message.record;
      this.draft.sample({ ...sample, sha256: await this.spool.storeImage(png) });
    } else {
      const stored = await this.spool.adoptCheckpoint(message.file);
      const older = this.draft.checkpoint({ step: message.step, ...stored });
      if (older && older.sha256 !== stored.sha256) await this.spool.dropBlob(older.sha256);
    }
    if (this.draft.size >= REPORT_BYTES) await this.cut();
    else this.timer ??= setTimeout(() => this.cutWhenDue(), FLUSH_MS);
  }

  private cutWhenDue(): void {
    this.timer = null;
    const due = this.spool.isEmpty || Date.now() - this.oldestMs >= BACKLOG_FLUSH_MS;
    if (due) this.enqueue(() => this.cut());
    else this.timer = setTimeout(() => this.cutWhenDue(), FLUSH_MS / 2);
  }

  private async cut(): Promise<void> {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (this.draft.isEmpty) return;
    await this.spool.append(this.draft.take());
    this.onReport();
  }
}
