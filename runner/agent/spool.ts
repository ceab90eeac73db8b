import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { renameDurably } from '../files/durable-file.js';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { DamagedFile } from './json-file.js';
import type { ReportContent } from './report-content.js';
import { type Entry, entryOf, type Recovered, recoverReports, type SpooledReport } from './spool-recovery.js';

const sync = promisify(fdatasync);

const UNDAMAGED = { isWhole: true, damage: null, unusableBlobs: new Set<string>() };

/**
 * The reports that the server has not acknowledged yet, on disk and in order. `reports.ndjson` has one line of JSON per
 * report; images and checkpoints are stored under their SHA-256 in `blobs/`. A report never changes after it is
 * appended, so sending it twice sends the same content. Only the newest checkpoint is kept, because a run never resumes
 * from an older one.
 *
 * Lines are written synchronously, so reports never interleave. They are small and go to the page cache. A power cut may
 * lose or damage the newest ones; the run then resumes from an earlier step, and reports those steps again. So only a
 * checkpoint and its report wait for the disk: they save minutes of training. Doing so for each report and image would
 * cost about 3.5 ms (ext4 on an SSD; without, 5 µs), and training can produce them faster than a busy disk stores them.
 */
export class Spool {
  /** Blobs that the server has. They are not stored or sent again. */
  private readonly delivered = new Set<string>();
  private readonly imageBytes = new Map<string, number>();
  private bytesOfImages = 0;
  private end = 0;

  private constructor(
    readonly folder: string,
    private readonly maxBytes: number,
    private readonly file: number,
    private entries: Entry[],
    private last: number,
    /** What was found on the disk, if an agent left it behind. */
    private readonly found: Pick<Recovered, 'isWhole' | 'damage' | 'unusableBlobs'>,
    /** See HomeLock. Called before anything in the folder changes. */
    private readonly assertHeld: () => void = () => {},
  ) {}

  /** Creates an empty spool in a new folder. */
  static async create(folder: string, maxBytes: number, assertHeld?: () => void): Promise<Spool> {
    await mkdir(join(folder, 'blobs'), { recursive: true });
    const file = openSync(join(folder, 'reports.ndjson'), 'wx+');
    return new Spool(folder, maxBytes, file, [], 0, UNDAMAGED, assertHeld);
  }

  /**
   * Opens the spool of an agent that was killed. It ends with the last whole report, and blobs whose content does not
   * have the SHA-256 of their name are left out. What is damaged stays on the disk.
   * @throws DamagedFile when nothing in it can be read
   */
  static async recover(folder: string, assertHeld?: () => void): Promise<Spool> {
    const path = join(folder, 'reports.ndjson');
    const found = await recoverReports(path, join(folder, 'blobs'));
    const { entries, end } = found;
    const last = entries.at(-1)?.sequence ?? 0;
    const file = openFound(path);
    const spool = new Spool(folder, Number.POSITIVE_INFINITY, file, entries, last, found, assertHeld);
    spool.end = end;
    return spool;
  }

  /** What is wrong with the files, in one line; null if they are as the agent left them. */
  get damage(): string | null {
    return this.found.damage;
  }

  /** Whether every report that was appended is here, with its blobs. */
  get isWhole(): boolean {
    return this.found.isWhole;
  }

  get isEmpty(): boolean {
    return this.entries.length === 0;
  }

  /** Size of the waiting reports and images in bytes, without the checkpoint. */
  get bytes(): number {
    return this.end + this.bytesOfImages;
  }

  get isFull(): boolean {
    return this.bytes >= this.maxBytes;
  }

  /** Appends a report under the next sequence number, and returns that number. */
  async append(content: ReportContent): Promise<number> {
    this.assertHeld();
    const report: SpooledReport = { sequence: ++this.last, content };
    const line = Buffer.from(`${JSON.stringify(report)}\n`);
    writeSync(this.file, line, 0, line.length, this.end);
    const entry = entryOf(report, this.end, line.length);
    this.end += line.length;
    if (entry.checkpoint) await sync(this.file);
    const older = this.entries.filter((other) => entry.checkpoint && other.checkpoint);
    this.entries.push(entry);
    for (const { checkpoint } of older) if (checkpoint !== entry.checkpoint) await this.dropBlob(checkpoint!);
    return report.sequence;
  }

  /** The oldest report that is not acknowledged, or null. */
  oldest(): SpooledReport | null {
    const entry = this.entries[0];
    if (!entry) return null;
    const line = Buffer.alloc(entry.length);
    readSync(this.file, line, 0, entry.length, entry.offset);
    return this.withoutDamage(JSON.parse(line.toString('utf8')) as SpooledReport);
  }

  /** Removes the reports up to this sequence number and their blobs. Truncates the file when no reports are left. */
  async acknowledge(sequence: number): Promise<void> {
    this.assertHeld();
    const done = this.entries.filter((entry) => entry.sequence <= sequence);
    this.entries = this.entries.filter((entry) => entry.sequence > sequence);
    if (this.entries.length === 0 && !this.damage) {
      ftruncateSync(this.file, 0);
      this.end = 0;
    }
    for (const entry of done) {
      for (const sha256 of [...entry.images, entry.checkpoint]) if (sha256) await this.dropBlob(sha256);
    }
  }

  /** Stores an image until its report is acknowledged. Returns its SHA-256. */
  async storeImage(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (this.delivered.has(sha256) || this.imageBytes.has(sha256)) return sha256;
    this.assertHeld();
    await writeFile(this.blobPath(sha256), bytes);
    this.imageBytes.set(sha256, bytes.length);
    this.bytesOfImages += bytes.length;
    return sha256;
  }

  /** Moves a finished checkpoint file from the training process's work folder into the spool. */
  async adoptCheckpoint(file: string): Promise<{ sha256: string; bytes: number }> {
    const sha256 = await sha256OfFile(file);
    const { size } = await stat(file);
    this.assertHeld();
    await renameDurably(file, this.blobPath(sha256));
    return { sha256, bytes: size };
  }

  /** The path of a waiting blob, or null when the server has it or a newer checkpoint has replaced it. */
  waitingBlob(sha256: string): string | null {
    const path = this.blobPath(sha256);
    const waits = !this.delivered.has(sha256) && !this.found.unusableBlobs.has(sha256) && existsSync(path);
    return waits ? path : null;
  }

  markDelivered(sha256: string): void {
    this.delivered.add(sha256);
  }

  wasDelivered(sha256: string): boolean {
    return this.delivered.has(sha256);
  }

  async dropBlob(sha256: string): Promise<void> {
    if (this.found.unusableBlobs.has(sha256)) return;
    this.assertHeld();
    this.bytesOfImages -= this.imageBytes.get(sha256) ?? 0;
    this.imageBytes.delete(sha256);
    await rm(this.blobPath(sha256), { force: true });
  }

  close(): void {
    closeSync(this.file);
  }

  /** The report without the samples whose images cannot be sent. Such a checkpoint is left out like a replaced one. */
  private withoutDamage(report: SpooledReport): SpooledReport {
    const { samples } = report.content;
    if (this.found.unusableBlobs.size === 0 || !samples) return report;
    const whole = samples.filter(({ sha256 }) => !this.found.unusableBlobs.has(sha256));
    return { ...report, content: { ...report.content, samples: whole } };
  }

  private blobPath(sha256: string): string {
    return join(this.folder, 'blobs', sha256);
  }
}

function openFound(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    // It could be read, so it belongs to somebody else or the disk is read-only.
    throw new DamagedFile(path, (error as Error).message);
  }
}
