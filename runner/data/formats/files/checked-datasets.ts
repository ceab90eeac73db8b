import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../files/durable-file.js';
import type { DatasetDescriptor } from '../../dataset.js';
import { type CheckResult, checkAll, imagesOf } from './check-files.js';
import type { ImageFacts } from './facts.js';
import type { CheckedDatasets, FilesDatasetOptions, Opening } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';
import { type RunFacts, runFactsOf } from './run-facts.js';

/** Increase this when datasets are checked or described differently. It invalidates all remembered checks. */
const FORMAT = 6;

/** A file that changed this recently may change again without a visible change of its timestamps. */
const SETTLED_MS = 2000;

/** A dataset that has passed the check. */
export interface Checked<Facts> {
  descriptor: DatasetDescriptor;
  facts: Facts;
}

/** What a run learns from the check. */
export interface RunCheck {
  /** Null if the dataset has not passed. */
  checked: Checked<RunFacts> | null;
  problems: string[];
}

type Memory = Pick<Opening, 'checked' | 'progress'>;

/**
 * The facts of all images are in another file, which runs do not read: for a hundred thousand images, that takes much memory.
 */
const FILES = { run: '.json', images: '.images.json' } as const;

/** Checks a dataset for a run, unless `checked` remembers that it has passed the check and no file has changed since. */
export async function checkForRuns(options: FilesDatasetOptions, memory: Memory): Promise<RunCheck> {
  const stamp = await usableStamp(options, memory);
  const isWhole = ({ pixels }: RunFacts) => pixels?.length === options.files.TRAIN.length;
  const remembered = stamp && (await recall(memory.checked!, options, stamp, 'run', isWhole));
  if (remembered) return { checked: remembered, problems: [] };
  const { descriptor, facts, problems } = await checkAndRemember(options, memory, stamp);
  return { checked: descriptor && { descriptor, facts: runFactsOf(options, factsByImage(options, facts)) }, problems };
}

/** The same, with the facts of all images. */
export async function checkForInspection(options: FilesDatasetOptions, memory: Memory): Promise<CheckResult> {
  const stamp = await usableStamp(options, memory);
  const isWhole = (facts: ImageFacts[]) => facts?.length === imagesOf(options).length;
  const remembered = stamp && (await recall(memory.checked!, options, stamp, 'images', isWhole));
  if (remembered) return { ...remembered, problems: [], warnings: remembered.descriptor.warnings };
  return checkAndRemember(options, memory, stamp);
}

/** Taken before the files are read, so that a file that changes during the check is noticed next time. */
async function usableStamp(options: FilesDatasetOptions, { checked }: Memory): Promise<Stamp | null> {
  return checked && options.problems.length === 0 ? stampOf(options) : null;
}

async function checkAndRemember(
  options: FilesDatasetOptions,
  { checked, progress }: Memory,
  stamp: Stamp | null,
): Promise<CheckResult> {
  const result = await checkAll(options, progress);
  const { descriptor, facts } = result;
  if (checked && stamp && descriptor) {
    await remember(checked, options, stamp, {
      run: { descriptor, facts: runFactsOf(options, factsByImage(options, facts)) },
      images: { descriptor, facts },
    });
  }
  return result;
}

/** @param facts of a dataset that has passed, so there are no gaps */
function factsByImage(options: FilesDatasetOptions, facts: CheckResult['facts']): Map<ImageFiles, ImageFacts> {
  return new Map(imagesOf(options).map((image, index) => [image, facts[index]!]));
}

/** Identifies the state of a dataset's files without reading them. */
interface Stamp {
  /** SHA-256 (hex) over the path, role, size and timestamps of each file. */
  hash: string;
  /** Whether the newest change is old enough for the timestamps to be trusted. */
  settled: boolean;
}

/**
 * The stamp of a dataset. It includes the change time (ctime), which tools that copy files or set their dates cannot
 * preserve.
 *
 * @returns null when a file cannot be inspected. Checking the file then reports why.
 */
async function stampOf(options: FilesDatasetOptions): Promise<Stamp | null> {
  const { kind, classes, ignoreIndex, channels, normalisation, coding, warnings } = options;
  const now = Date.now();
  let newest = 0;
  const look = async (file: string): Promise<string> => {
    const { size, mtimeNs, ctimeNs, ctimeMs } = await stat(file, { bigint: true });
    newest = Math.max(newest, Number(ctimeMs));
    return [file, size, mtimeNs, ctimeNs].join(' ');
  };
  const from = (part: string, images: readonly ImageFiles[]) => images.map((files) => ({ part, files }));
  const images = SUBSETS.flatMap((subset) => from(subset, options.files[subset]));
  try {
    const seen = await Promise.all(
      [...images, ...from('UNLABELLED', options.unlabelled)].map(async ({ part, files }) => {
        const there = [files.image, files.label, files.thermal].filter((file) => file !== null);
        const { allowed, colours } = files.coding;
        return [part, files.id, allowed, colours.size, ...(await Promise.all(there.map(look)))];
      }),
    );
    const content = JSON.stringify([
      FORMAT,
      kind,
      classes,
      ignoreIndex,
      channels,
      normalisation,
      coding,
      warnings,
      seen,
    ]);
    return { hash: createHash('sha256').update(content).digest('hex'), settled: newest < now - SETTLED_MS };
  } catch {
    // Reading the file will fail too, with an error that names it.
    return null;
  }
}

/** What is remembered under this stamp. Null if there is none or, with a warning, if it cannot be read. */
async function recall<Facts>(
  { folder, warn }: CheckedDatasets,
  options: FilesDatasetOptions,
  stamp: Stamp,
  what: keyof typeof FILES,
  isWhole: (facts: Facts) => boolean,
): Promise<Checked<Facts> | null> {
  const { name } = options;
  const file = fileOf(folder, options, what);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') warn(`dataset "${name}" is checked again, because ${file} cannot be read (${message})`);
    return null;
  }
  try {
    const { descriptor, facts, stamp: known }: Checked<Facts> & { stamp: string } = JSON.parse(text);
    return known === stamp.hash && isWhole(facts) ? { descriptor: { ...descriptor, name }, facts } : null;
  } catch {
    // Treat a corrupt cache file as a miss: the dataset is checked again and the file is rewritten.
    return null;
  }
}

/** Remembers a checked dataset, in place of the previous one. Warns if it cannot be written. */
async function remember(
  { folder, warn }: CheckedDatasets,
  options: FilesDatasetOptions,
  stamp: Stamp,
  contents: Record<keyof typeof FILES, Checked<unknown>>,
): Promise<void> {
  if (!stamp.settled) return;
  let file = folder;
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const what of ['run', 'images'] as const) {
      file = fileOf(folder, options, what);
      await writeDurably(file, JSON.stringify({ stamp: stamp.hash, ...contents[what] }));
    }
  } catch (error) {
    const { message } = error as Error;
    warn(`dataset "${options.name}" will be checked again next time, because ${file} cannot be written (${message})`);
  }
}

function fileOf(folder: string, { kind, directory }: FilesDatasetOptions, what: keyof typeof FILES): string {
  const hash = createHash('sha256').update(`${kind} ${directory}`).digest('hex');
  return join(folder, hash.slice(0, 32) + FILES[what]);
}
