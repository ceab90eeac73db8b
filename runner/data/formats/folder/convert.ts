import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, extname, join } from 'node:path';
import sharp from 'sharp';
import type { Subset } from '../../../tracking/tracker.js';
import type { LabelledImage, OpenDataset } from '../../dataset.js';
import { DatasetError } from '../../dataset-error.js';
import { decodeLabel } from '../../images/decode-label.js';
import { IMAGENET, type Normalisation } from '../../images/normalisation.js';
import type { Pixels } from '../../images/pixels.js';
import { encodePalettePng } from '../../images/png.js';
import { CLASSES_FILE } from '../classes-file.js';
import { type ImageFiles, SUBSETS } from '../files/image-files.js';
import { translate } from '../files/translate.js';
import type { Scan } from '../layout.js';
import { layoutOf } from '../layouts.js';

/** An image to write, and where to. */
interface Job {
  subset: Subset;
  id: string;
  /** The subset's folder, or `unlabelled`. */
  folder: string;
  isLabelled: boolean;
}

/**
 * Writes a dataset in the folder format, with the same ids, pixels, labels and classes. Image files are copied, byte for byte;
 * those with four channels become two PNG files. Labels become palette PNG files.
 *
 * @param out must not exist, or be empty
 * @param onProgress called after each image
 * @throws DatasetError when `out` has something in it
 */
export async function convertDataset(
  dataset: OpenDataset,
  out: string,
  onProgress: (done: number, total: number) => void,
): Promise<void> {
  await requireEmpty(out);
  await mkdir(out, { recursive: true });
  const scan = await scanOf(dataset);
  const { classes, ignoreIndex, channels } = dataset.descriptor;
  const listed = classes.map((info, id) => ({ id, ...info }));
  const normalise = scan?.normalisation && !isUsual(scan.normalisation) && scan.normalisation;
  const file = { classes: listed, ignore_index: ignoreIndex, channels, ...(normalise && { normalise }) };
  await writeFile(join(out, CLASSES_FILE), `${JSON.stringify(file, null, 2)}\n`);

  const jobs = SUBSETS.flatMap((subset): Job[] =>
    dataset.ids(subset).map((id) => ({ subset, id, folder: subset.toLowerCase(), isLabelled: true })),
  ).concat(dataset.unlabelledIds.map((id) => ({ subset: 'TRAIN', id, folder: 'unlabelled', isLabelled: false })));
  const files = scan && filesOf(scan);
  let next = 0;
  let done = 0;
  const work = async (): Promise<void> => {
    for (let job = jobs[next++]; job; job = jobs[next++]) {
      await writeImage(dataset, job, files?.get(`${job.subset} ${job.id}`) ?? null, out);
      onProgress(++done, jobs.length);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
}

const isUsual = (normalisation: Normalisation) => JSON.stringify(normalisation) === JSON.stringify(IMAGENET);

/** @throws DatasetError when `out` has something in it, or is a file. It may be missing. */
export async function requireEmpty(out: string): Promise<void> {
  const [found] = await readdir(out).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new DatasetError(out, ['is not a folder; choose a new one']);
    throw error;
  });
  if (found !== undefined) throw new DatasetError(out, [`is not empty: it has ${found}; choose a new folder`]);
}

/** Where the files of the dataset are; null for one without files. */
async function scanOf({ source: { kind, directory } }: OpenDataset): Promise<Scan | null> {
  const layout = layoutOf(kind);
  // The dataset is open, so there are no problems.
  return layout && directory !== null ? layout.scan(directory, { problems: [], warnings: [] }) : null;
}

function filesOf({ files, unlabelled }: Scan): Map<string, ImageFiles> {
  const all = SUBSETS.flatMap((subset) => files[subset].map((image) => [`${subset} ${image.id}`, image] as const));
  return new Map([...all, ...unlabelled.map((image) => [`TRAIN ${image.id}`, image] as const)]);
}

async function writeImage(
  dataset: OpenDataset,
  { subset, id, folder, isLabelled }: Job,
  files: ImageFiles | null,
  out: string,
) {
  const place = async (kind: string, extension: string) => {
    const path = join(out, folder, kind, id + extension);
    await mkdir(dirname(path), { recursive: true });
    return path;
  };
  const { classes, ignoreIndex, channels } = dataset.descriptor;
  const writeLabel = async (labels: Uint8Array, width: number, height: number) =>
    writeFile(await place('labels', '.png'), await encodePalettePng(labels, width, height, classes, ignoreIndex));

  if (files && (channels !== 4 || files.thermal)) {
    await copyFile(files.image, await place('images', extname(files.image)));
    if (files.thermal) await copyFile(files.thermal, await place('thermal', extname(files.thermal)));
    if (files.label === null) return;
    const label = await decodeLabel(await readFile(files.label));
    return writeLabel(translate(files.label, label, files.coding), label.width, label.height);
  }
  const image = await dataset.load(subset, id);
  await writeFile(await place('images', '.png'), await encodeChannels(image, channels === 1 ? [0] : [0, 1, 2]));
  if (channels === 4) await writeFile(await place('thermal', '.png'), await encodeChannels(image, [3]));
  if (isLabelled) await writeLabel(image.labels, image.width, image.height);
}

/** Encodes some channels of an image as PNG, with its bit depth. */
function encodeChannels(
  { pixels, width, height, channels }: LabelledImage,
  wanted: readonly number[],
): Promise<Buffer> {
  const isDeep = pixels instanceof Uint16Array;
  const length = width * height * wanted.length;
  const chosen: Pixels = isDeep ? new Uint16Array(length) : new Uint8Array(length);
  for (let at = 0; at < length; at++)
    chosen[at] = pixels[Math.floor(at / wanted.length) * channels + wanted[at % wanted.length]!]!;
  const gray = isDeep ? 'grey16' : 'b-w';
  const colour = isDeep ? 'rgb16' : 'srgb';
  return sharp(chosen, { raw: { width, height, channels: wanted.length as 1 | 3 } })
    .toColourspace(wanted.length === 1 ? gray : colour)
    .png()
    .toBuffer();
}
