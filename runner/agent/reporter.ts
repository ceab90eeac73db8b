import { REPORT_BYTES } from '../../schema/report-limits.js';
import type { RecordSink, Records } from '../tracking/tracker.js';
import type { ReportContent } from './report-content.js';
import type { ReportParts } from './report-parts.js';
import type { Spool } from './spool.js';
import type { StoredCheckpoint } from './waiting-checkpoints.js';

/** A record waits at most this long before it is sent, as long as the server keeps up. */
const FLUSH_MS = 80;
/** While earlier reports are waiting, new records are collected for this long, into fewer and longer reports. */
const BACKLOG_FLUSH_MS = 2_000;

/**
 * Turns training records into numbered reports in the spool. Hashing a checkpoint takes time, so each record waits
 * until the one before it is stored; this keeps them in order.
 */
export class Reporter<Kinds = Records, Content extends ReportContent = ReportContent> implements RecordSink<Kinds> {
  private draft = {} as Content;
  /** The approximate size of the draft in bytes; 0 if it is empty. */
  private size = 0;
  private work: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | null = null;
  private oldestMs = 0;
  /** Set when a record could not be stored. Nothing after it is: the server would take the rest for complete. */
  private failed = false;
  private closed = false;

  /**
   * `onReport` is called after a report was added; `onError` when a record cannot be stored on disk. `seal` returns what a report
   * that is closed becomes.
   */
  constructor(
    private readonly parts: ReportParts<Kinds, Content>,
    private readonly spool: Spool,
    private readonly onReport: () => void,
    private readonly onError: (error: Error) => void,
    private readonly seal: (content: Content) => Content = (content) => content,
  ) {}

  report<Kind extends keyof Kinds>(kind: Kind, record: Kinds[Kind]): void {
    this.enqueue(() => this.add(kind, record));
  }

  /**
   * Names a checkpoint that the server has in a report of its own, and resolves when that is in the spool. It may still be named
   * after another record could not be stored, because everything that precedes it was in the spool before. Rejects if the
   * report cannot be stored.
   */
  async name(checkpoint: StoredCheckpoint): Promise<void> {
    await this.flush();
    const named = this.work.then(() => this.append({ checkpoint } as Content));
    this.work = named.catch(() => {});
    await named;
  }

  /** Resolves when every record so far is in the spool. */
  async flush(): Promise<void> {
    this.enqueue(() => this.cut());
    await this.work;
  }

  /** Drops what is not in the spool yet, and everything that comes later. Call it before the spool is closed. */
  async close(): Promise<void> {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
    await this.work;
  }

  private enqueue(task: () => Promise<void>): void {
    this.work = this.work
      .then(() => (this.failed || this.closed ? undefined : task()))
      .catch((error) => {
        this.failed = true;
        this.onError(error);
      });
  }

  private async add<Kind extends keyof Kinds>(kind: Kind, record: Kinds[Kind]): Promise<void> {
    // If this agent is killed, the next one sends the checkpoint, so what precedes it must be in the spool.
    if (kind === 'checkpoint') await this.cut();
    if (this.size === 0) this.oldestMs = Date.now();
    const added = await this.parts[kind](this.draft, record, this.spool);
    this.size += typeof added === 'number' ? added : added.bytes;
    if (typeof added !== 'number') {
      await this.cut();
      return this.add(kind, added.left);
    }
    if (this.size >= REPORT_BYTES) await this.cut();
    else if (!this.closed && !this.failed) this.timer ??= setTimeout(() => this.cutWhenDue(), FLUSH_MS);
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
    if (this.size === 0) return;
    const content = this.draft;
    this.draft = {} as Content;
    this.size = 0;
    await this.append(content);
  }

  private async append(content: Content): Promise<void> {
    if (this.closed) throw new Error('the attempt is over');
    await this.spool.append(this.seal(content));
    this.onReport();
  }
}
