import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256OfFile } from '../files/sha256-of-file.js';
import { DamagedFile } from './json-file.js';
import { blobsOf, type ReportContent } from './report-content.js';

export interface SpooledReport {
  sequence: number;
  content: ReportContent;
}

/** A line in place of the reports that were acknowledged. */
export interface Marker {
  acknowledged: number;
}

const marker = z.strictObject({ acknowledged: z.int().min(0) });
/** Enough to see that a line is a report, and which blobs it names. The server checks the rest. */
const spooledReport = z.object({
  sequence: z.int().min(1),
  content: z.looseObject({
    samples: z.array(z.looseObject({ sha256: z.string() })).nullish(),
    reviewPictures: z.array(z.looseObject({ sha256: z.string() })).nullish(),
    checkpoint: z.looseObject({ sha256: z.string() }).nullish(),
  }),
});

/** Where a report is in the file, and the blobs that it refers to. */
export interface Entry {
  sequence: number;
  offset: number;
  length: number;
  /** SHA-256 of the images that the report refers to. */
  images: string[];
  checkpoint: string | null;
}

/** What can be used of a spool that an agent left behind. */
export interface Recovered {
  entries: Entry[];
  /** The number of the last report, which may have been acknowledged; 0 if there was none. */
  last: number;
  /** The length in bytes of the file up to the end of the last whole report. */
  end: number;
  /** Whether every report that was appended is here, with its blobs. */
  isWhole: boolean;
  /** What is wrong, in one line; null if nothing is, or if only the last line is unfinished. */
  damage: string | null;
  /** Blobs that are damaged or missing. A sample whose image is one of them is not sent. */
  unusableBlobs: Set<string>;
}

export function entryOf({ sequence, content }: SpooledReport, offset: number, length: number): Entry {
  return { sequence, offset, length, ...blobsOf(content) };
}

/**
 * Finds the reports up to the first line that is not one, and checks the blobs that they refer to. A line that the
 * agent was still writing when it was killed does not count as damage.
 * @param waiting the SHA-256 of further blobs to check
 * @throws DamagedFile when the file cannot be read
 */
export async function recoverReports(file: string, blobs: string, waiting: readonly string[]): Promise<Recovered> {
  const bytes = await readFile(file).catch((error: Error) => {
    throw new DamagedFile(file, error.message);
  });
  const entries: Entry[] = [];
  let end = 0;
  let last: number | null = null;
  for (let newline = bytes.indexOf(10); newline >= 0; newline = bytes.indexOf(10, end)) {
    const line = parseLine(bytes.toString('utf8', end, newline));
    if (!line || (last !== null && !('sequence' in line && line.sequence === last + 1))) break;
    if ('sequence' in line) entries.push(entryOf(line, end, newline + 1 - end));
    last = 'sequence' in line ? line.sequence : line.acknowledged;
    end = newline + 1;
  }
  // Reports are in the spool before a checkpoint is, and when all of them are acknowledged, a marker remains.
  const isEmptied = bytes.length === 0 && waiting.length > 0;
  const damage = isEmptied
    ? `${file} is damaged: it is empty, although a checkpoint waits`
    : whatIsWrong(file, bytes, end, entries.length);
  const named = entries.flatMap(({ images, checkpoint }) => (checkpoint === null ? images : [...images, checkpoint]));
  const { damaged, missing } = await checkBlobs(blobs, [...named, ...waiting]);
  const [first] = damaged;
  const blobDamage = first
    ? `${join(blobs, first)} is damaged: its content does not have the SHA-256 of its name`
    : null;
  const isWhole = end === bytes.length && damaged.size === 0;
  const unusableBlobs = new Set([...damaged, ...missing]);
  return { entries, last: last ?? 0, end, isWhole, damage: damage ?? blobDamage, unusableBlobs };
}

/** The report or the marker in a line; null if there is none. */
function parseLine(line: string): SpooledReport | Marker | null {
  try {
    return z.union([spooledReport, marker]).parse(JSON.parse(line)) as SpooledReport | Marker;
  } catch {
    // Neither the parser's message nor the schema's says more than that the line is not a report.
    return null;
  }
}

const STARTS = ['{"sequence":', '{"acknowledged":'];

function whatIsWrong(file: string, bytes: Buffer, end: number, reports: number): string | null {
  const rest = bytes.subarray(end);
  if (rest.length === 0) return null;
  const isStart = (start: string) => start.startsWith(rest.toString('latin1', 0, start.length));
  const unfinished = !rest.includes(10) && !rest.includes(0) && STARTS.some(isStart);
  if (unfinished) return null;
  const why = rest.every((byte) => byte === 0) ? 'NUL bytes' : 'no report';
  return `${file} is damaged: after ${reports} reports, its last ${rest.length} bytes are ${why}`;
}

/**
 * Damaged blobs do not have the SHA-256 of their name. A missing one was acknowledged, or replaced by a newer checkpoint,
 * or a power cut has lost the image. In the first case, the server ignores what the report contains now.
 */
async function checkBlobs(folder: string, named: readonly string[]) {
  const [damaged, missing] = [new Set<string>(), new Set<string>()];
  for (const sha256 of new Set(named)) {
    const path = join(folder, sha256);
    const found = await lstat(path).catch(() => null);
    const actual = found?.isFile() ? await sha256OfFile(path).catch(() => null) : null;
    if (!found) missing.add(sha256);
    else if (actual !== sha256) damaged.add(sha256);
  }
  return { damaged, missing };
}
