import { createHash } from 'node:crypto';
import { closeSync, existsSync, fdatasync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { diskFault } from '../files/disk-fault.js';
import { renameDurably } from '../files/durable-file.js';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { DamagedFile } from './json-file.js';
import type { ReportContent } from './report-content.js';
import {
  type Entry,
  entryOf,
  type Marker,
  type Recovered,
  recoverReports,
  type SpooledReport,
} from './spool-recovery.js';
import { type StoredCheckpoint, WaitingCheckpoints } from './waiting-checkpoints.js';

const sync = promisify(fdatasync);

const UNDAMAGED = { isWhole: true, damage: null, unusableBlobs: new Set<string>() };

/**
 * The reports that the server has not acknowledged yet, on disk and in order. `reports.ndjson` has one line of JSON per
 * report; images and checkpoints are stored under their SHA-256 in `blobs/`. A report never changes after it is
 * appended, so sending it twice sends the same content.
 *
 * Lines are written synchronously, so reports never interleave. They are small and go to the page cache. A power cut may
 * lose or damage the newest ones; the run then resumes from an earlier step, and reports those steps again. So only a
 * checkpoint and the reports before it wait for the disk: the run resumes after them. Doing so for each report and image
 * would cost about 3.5 ms (ext4 on an SSD; without, 5 µs), and training can produce them faster than a busy disk stores them.
 */
export class Spool {
  /** Blobs that the server has. They are not sent again. */
  private readonly delivered = new Set<string>();
  private readonly imageBytes = new Map<string, number>();
  private bytesOfImages = 0;
  /** Of all checkpoints so far, whether they still wait or not; 0 if there was none. */
  largestCheckpointBytes = 0;
  private end = 0;
  /** Those that the server does not have yet. No report names them. */
  readonly checkpoints: WaitingCheckpoints;

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
    waiting: StoredCheckpoint[] = [],
  ) {
    this.checkpoints = new WaitingCheckpoints(folder, waiting, assertHeld);
  }

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
    const { waiting, damage } = waitingIn(folder);
    const reports = await recoverReports(
      path,
      join(folder, 'blobs'),
      waiting.map(({ sha256 }) => sha256),
    );
    // The last checkpoint may be one that is no longer listed.
    const found = damage === null ? reports : { ...reports, isWhole: false, damage: reports.damage ?? damage };
    const file = openFound(path);
    const { entries, last, end } = reports;
    const spool = new Spool(folder, Number.POSITIVE_INFINITY, file, entries, last, found, assertHeld, waiting);
    spool.end = end;
    // The run would resume after reports that are lost.
    spool.checkpoints.keepOnly((sha256) => found.damage === null && existsSync(spool.blobPath(sha256)));
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
    const report: SpooledReport = { sequence: this.last + 1, content };
    const line = Buffer.from(`${JSON.stringify(report)}\n`);
    this.write(line);
    this.last = report.sequence;
    const entry = entryOf(report, this.end, line.length);
    this.end += line.length;
    const older = this.entries.filter((other) => entry.checkpoint && other.checkpoint);
    this.entries.push(entry);
    for (const { checkpoint } of older) if (checkpoint !== entry.checkpoint) await this.dropBlob(checkpoint!);
    return report.sequence;
  }

  /** Writes a line at the end of the file: all of it or, if the disk is full, nothing. */
  private write(line: Buffer): void {
    try {
      for (let written = 0; written < line.length; ) {
        const bytes = writeSync(this.file, line, written, line.length - written, this.end + written);
        if (bytes === 0)
          throw Object.assign(new Error('no byte could be written'), { code: 'ENOSPC', syscall: 'write' });
        written += bytes;
      }
    } catch (error) {
      ftruncateSync(this.file, this.end);
      throw error;
    }
  }

  /** The oldest report that is not acknowledged, or null. */
  oldest(): SpooledReport | null {
    const entry = this.entries[0];
    if (!entry) return null;
    const line = Buffer.alloc(entry.length);
    readSync(this.file, line, 0, entry.length, entry.offset);
    return this.withoutDamage(JSON.parse(line.toString('utf8')) as SpooledReport);
  }

  /** Removes the reports up to this sequence number and their blobs. When none are left, the file begins again. */
  async acknowledge(sequence: number): Promise<void> {
    this.assertHeld();
    const done = this.entries.filter((entry) => entry.sequence <= sequence);
    this.entries = this.entries.filter((entry) => entry.sequence > sequence);
    if (this.entries.length === 0 && !this.damage) this.restart({ acknowledged: this.last });
    // Equal images have the same file.
    const kept = new Set(this.entries.flatMap(({ images }) => images));
    for (const entry of done) {
      for (const sha256 of [...entry.images, entry.checkpoint]) {
        if (sha256 && !kept.has(sha256)) await this.dropBlob(sha256);
      }
    }
  }

  /** Stores an image until its report is acknowledged. Returns its SHA-256. */
  async storeImage(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    // Also one that the server has: only this process knows that.
    if (this.imageBytes.has(sha256)) return sha256;
    this.assertHeld();
    const file = this.blobPath(sha256);
    await writeFile(file, bytes).catch(async (error) => {
      // A part of it must not count as the image.
      await rm(file, { force: true });
      throw error;
    });
    this.imageBytes.set(sha256, bytes.length);
    this.bytesOfImages += bytes.length;
    return sha256;
  }

  /** Moves a finished checkpoint file from the training process's work folder into the spool. */
  async adoptCheckpoint(step: number, file: string): Promise<void> {
    const sha256 = await sha256OfFile(file);
    const { size } = await stat(file);
    this.largestCheckpointBytes = Math.max(this.largestCheckpointBytes, size);
    this.assertHeld();
    await renameDurably(file, this.blobPath(sha256));
    await sync(this.file);
    this.checkpoints.add({ step, sha256, bytes: size });
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

  /** Empties the file, but for the last number: a checkpoint that is still on its way will be named in the next report. */
  private restart(marker: Marker): void {
    const line = Buffer.from(`${JSON.stringify(marker)}\n`);
    ftruncateSync(this.file, 0);
    writeSync(this.file, line, 0, line.length, 0);
    this.end = line.length;
  }

  close(): void {
    closeSync(this.file);
  }

  blobPath(sha256: string): string {
    return join(this.folder, 'blobs', sha256);
  }

  /** The report without the samples whose images cannot be sent. Such a checkpoint is left out like a replaced one. */
  private withoutDamage(report: SpooledReport): SpooledReport {
    const { samples, reviewPictures } = report.content;
    if (this.found.unusableBlobs.size === 0) return report;
    const isWhole = ({ sha256 }: { sha256: string }): boolean => !this.found.unusableBlobs.has(sha256);
    return {
      ...report,
      content: {
        ...report.content,
        ...(samples && { samples: samples.filter(isWhole) }),
        ...(reviewPictures && { reviewPictures: reviewPictures.filter(isWhole) }),
      },
    };
  }
}

function waitingIn(folder: string): { waiting: StoredCheckpoint[]; damage: string | null } {
  try {
    return { waiting: WaitingCheckpoints.leftBehind(folder), damage: null };
  } catch (error) {
    if (!(error instanceof DamagedFile)) throw error;
    return { waiting: [], damage: error.message };
  }
}

function openFound(path: string): number {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if (diskFault(error) !== null) throw error;
    // It could be read, so it belongs to somebody else.
    throw new DamagedFile(path, (error as Error).message);
  }
}
