import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../../files/durable-file.js';
import { type Checked, type CheckResult, checkAll, imagesOf } from './check-files.js';
import type { CheckedDatasets, FilesDatasetOptions, Opening } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';

/** Increase this when datasets are checked or described differently. It invalidates all remembered checks. */
const FORMAT = 5;

/** A file that changed this recently may change again without a visible change of its timestamps. */
const SETTLED_MS = 2000;

/** Checks a dataset, unless `checked` remembers that it has passed the check and no file has changed since. */
export async function checkUnlessRemembered(
  options: FilesDatasetOptions,
  { checked, progress }: Pick<Opening, 'checked' | 'progress'>,
): Promise<CheckResult> {
  // Taken before the files are read, so that a file that changes during the check is noticed next time.
  const stamp = checked && options.problems.length === 0 ? await stampOf(options) : null;
  if (!checked || !stamp) return checkAll(options, progress);
  const remembered = await recall(checked, options, stamp);
  if (remembered) return { ...remembered, problems: [], warnings: remembered.descriptor.warnings };
  const result = await checkAll(options, progress);
  const { descriptor, facts } = result;
  if (descriptor) await remember(checked, options, stamp, { descriptor, facts: facts as Checked['facts'] });
  return result;
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
async function recall(
  { folder, warn }: CheckedDatasets,
  { name, kind, directory, files, unlabelled }: FilesDatasetOptions,
  stamp: Stamp,
): Promise<Checked | null> {
  const file = fileOf(folder, kind, directory);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') warn(`dataset "${name}" is checked again, because ${file} cannot be read (${message})`);
    return null;
  }
  try {
    const remembered: Checked & { stamp: string } = JSON.parse(text);
    const isWhole = remembered.facts?.length === imagesOf({ files, unlabelled }).length;
    if (remembered.stamp !== stamp.hash || !isWhole) return null;
    return { descriptor: { ...remembered.descriptor, name }, facts: remembered.facts };
  } catch {
    // Treat a corrupt cache file as a miss: the dataset is checked again and the file is rewritten.
    return null;
  }
}

/** Remembers a checked dataset, in place of the previous one. Warns if it cannot be written. */
async function remember(
  { folder, warn }: CheckedDatasets,
  { name, kind, directory }: FilesDatasetOptions,
  stamp: Stamp,
  { descriptor, facts }: Checked,
): Promise<void> {
  if (!stamp.settled) return;
  const file = fileOf(folder, kind, directory);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeDurably(file, JSON.stringify({ stamp: stamp.hash, descriptor, facts }));
  } catch (error) {
    const { message } = error as Error;
    warn(`dataset "${name}" will be checked again next time, because ${file} cannot be written (${message})`);
  }
}

function fileOf(folder: string, kind: string, directory: string): string {
  return join(folder, `${createHash('sha256').update(`${kind} ${directory}`).digest('hex').slice(0, 32)}.json`);
}
