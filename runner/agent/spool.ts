import { createHash } from 'node:crypto';
import { closeSync, existsSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { blobsOf, type ReportContent } from './report-content.js';
import { WaitingCheckpoints } from './waiting-checkpoints.js';

export interface SpooledReport {
  sequence: number;
  content: ReportContent;
}

/** A line in place of the reports that were acknowledged. */
interface Marker {
  acknowledged: number;
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
 * appended, so sending it twice sends the same content.
 *
 * Lines are written synchronously, so reports never interleave. They are small and go to the page cache. There is no
 * fsync: after a power cut, the attempt is lost and the run resumes from the checkpoint on the server.
 */
export class Spool {
  /** Blobs that the server has. They are not stored or sent again. */
  private readonly delivered = new Set<string>();
  private readonly imageBytes = new Map<string, number>();
  private bytesOfImages = 0;
  private end = 0;
  /** Those that the server does not have yet. No report names them. */
  readonly checkpoints: WaitingCheckpoints;

  private constructor(
    readonly folder: string,
    private readonly maxBytes: number,
    private readonly file: number,
    private entries: Entry[],
    private last: number,
  ) {
    this.checkpoints = new WaitingCheckpoints(folder);
  }

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
    let acknowledged = 0;
    for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, offset)) {
      const length = newline + 1 - offset;
      const line = JSON.parse(bytes.toString('utf8', offset, newline)) as SpooledReport | Marker;
      if ('acknowledged' in line) acknowledged = line.acknowledged;
      else entries.push(describe(line, offset, length));
      offset = newline + 1;
    }
    const spool = new Spool(
      folder,
      Number.POSITIVE_INFINITY,
      openSync(path, 'r+'),
      entries,
      entries.at(-1)?.sequence ?? acknowledged,
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
    const report: SpooledReport = { sequence: ++this.last, content };
    const line = Buffer.from(`${JSON.stringify(report)}\n`);
    writeSync(this.file, line, 0, line.length, this.end);
    const entry = describe(report, this.end, line.length);
    this.end += line.length;
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
    return JSON.parse(line.toString('utf8')) as SpooledReport;
  }

  /** Removes the reports up to this sequence number and their blobs. When none are left, the file begins again. */
  async acknowledge(sequence: number): Promise<void> {
    const done = this.entries.filter((entry) => entry.sequence <= sequence);
    this.entries = this.entries.filter((entry) => entry.sequence > sequence);
    if (this.entries.length === 0) this.restart({ acknowledged: this.last });
    for (const entry of done) {
      for (const sha256 of [...entry.images, entry.checkpoint]) if (sha256) await this.dropBlob(sha256);
    }
  }

  /** Stores an image until its report is acknowledged. Returns its SHA-256. */
  async storeImage(bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (this.delivered.has(sha256) || this.imageBytes.has(sha256)) return sha256;
    await writeFile(this.blobPath(sha256), bytes);
    this.imageBytes.set(sha256, bytes.length);
    this.bytesOfImages += bytes.length;
    return sha256;
  }

  /** Moves a finished checkpoint file from the training process's work folder into the spool. */
  async adoptCheckpoint(step: number, file: string): Promise<void> {
    const sha256 = await sha256OfFile(file);
    const { size } = await stat(file);
    await rename(file, this.blobPath(sha256));
    this.checkpoints.add({ step, sha256, bytes: size });
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
}

function describe(report: SpooledReport, offset: number, length: number): Entry {
  return {
    sequence: report.sequence,
    offset,
    length,
    ...blobsOf(report.content),
  };
}
