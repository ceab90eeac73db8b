import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { blobsOf, type ReportContent } from './report-content.js';

export interface SpooledReport {
  sequence: number;
  content: ReportContent;
}

interface Entry {
  sequence: number;
  offset: number;
  length: number;
  /** SHA-256 of the images that the report refers to. */
  images: string[];
  checkpoint: string | null;
}

/**
 * The reports that the server has not acknowledged yet, on disk and in order. `reports.ndjson` has one line of JSON per
 * report; images and checkpoints are stored under their SHA-256 in `blobs/`. A report never changes after it is
 * appended, so sending it twice sends the same content. Only the newest checkpoint is kept, because a run never resumes
 * from an older one.
 *
 * Lines are written synchronously, so reports never interleave. They are small and go to the page cache. There is no
 * fsync: after a power cut, the attempt is lost and the run resumes from the checkpoint on the server.
 */
export class Spool {
  /** Blobs that the server has. They are not stored or sent again. */
  private readonly delivered = new Set<string>();
  private readonly imageBytes = new Map<string, number>();
  private bytesOfImages = 0;
  /** Of all checkpoints so far, whether they still wait or not; 0 if there was none. */
  largestCheckpointBytes = 0;
  private end = 0;

  private constructor(
    readonly folder: string,
    private readonly maxBytes: number,
    private readonly file: number,
    private entries: Entry[],
    private last: number,
  ) {}

  /** Creates an empty spool in a new folder. */
  static async create(folder: string, maxBytes: number): Promise<Spool> {
    await mkdir(join(folder, 'blobs'), { recursive: true });
    return new Spool(folder, maxBytes, openSync(join(folder, 'reports.ndjson'), 'wx+'), [], 0);
  }

  /** Opens the spool of an agent that was killed. Drops a line that the agent did not finish writing. */
  static async recover(folder: string): Promise<Spool> {
    const path = join(folder, 'reports.ndjson');
    const bytes = await readFile(path);
    const entries: Entry[] = [];
    let offset = 0;
    for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, offset)) {
      const length = newline + 1 - offset;
      const report = JSON.parse(bytes.toString('utf8', offset, newline)) as SpooledReport;
      entries.push(describe(report, offset, length));
      offset = newline + 1;
    }
    const spool = new Spool(
      folder,
      Number.POSITIVE_INFINITY,
      openSync(path, 'r+'),
      entries,
      entries.at(-1)?.sequence ?? 0,
    );
    spool.end = offset;
    return spool;
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
    const report: SpooledReport = { sequence: this.last + 1, content };
    const line = Buffer.from(`${JSON.stringify(report)}\n`);
    this.write(line);
    this.last = report.sequence;
    const entry = describe(report, this.end, line.length);
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
    return JSON.parse(line.toString('utf8')) as SpooledReport;
  }

  /** Removes the reports up to this sequence number and their blobs. Truncates the file when no reports are left. */
  async acknowledge(sequence: number): Promise<void> {
    const done = this.entries.filter((entry) => entry.sequence <= sequence);
    this.entries = this.entries.filter((entry) => entry.sequence > sequence);
    if (this.entries.length === 0) {
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
  async adoptCheckpoint(file: string): Promise<{ sha256: string; bytes: number }> {
    const sha256 = await sha256OfFile(file);
    const { size } = await stat(file);
    this.largestCheckpointBytes = Math.max(this.largestCheckpointBytes, size);
    await rename(file, this.blobPath(sha256));
    return { sha256, bytes: size };
  }

  /** The path of a waiting blob, or null when the server has it or a newer checkpoint has replaced it. */
  waitingBlob(sha256: string): string | null {
    const path = this.blobPath(sha256);
    return !this.delivered.has(sha256) && existsSync(path) ? path : null;
  }

  markDelivered(sha256: string): void {
    this.delivered.add(sha256);
  }

  wasDelivered(sha256: string): boolean {
    return this.delivered.has(sha256);
  }

  async dropBlob(sha256: string): Promise<void> {
    this.bytesOfImages -= this.imageBytes.get(sha256) ?? 0;
    this.imageBytes.delete(sha256);
    await rm(this.blobPath(sha256), { force: true });
  }

  close(): void {
    closeSync(this.file);
  }

  private blobPath(sha256: string): string {
    return join(this.folder, 'blobs', sha256);
  }
}

function describe(report: SpooledReport, offset: number, length: number): Entry {
  return {
    sequence: report.sequence,
    offset,
    length,
    ...blobsOf(report.content),
  };
}
