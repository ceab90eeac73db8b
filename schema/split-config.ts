import { z } from 'zod';

/** Which training images are labelled: a share of them, a number of them, or those in a published list. */

const drawSeed = z.int().min(0).max(4_294_967_295);

const seed = drawSeed
  .default(0)
  .describe('Splits with the same seed are nested: 1/16 is a subset of 1/8, and 22 images are a subset of 1/8 of 367.');

const cover = z
  .boolean()
  .default(false)
  .meta({ since: 2, absent: false })
  .describe(
    'Draw so that every class that any training label holds occurs among the labelled images. ' +
      'Without it, a random draw of few images can miss rare classes.',
  );

/** Path of a list file in the dataset's folder. A runner refuses any other file. */
const listFile = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[^\0]+\.(txt|lst)$/i, 'must be the path of a .txt or .lst file')
  .describe(
    "A text file with one image per line in the dataset's folder, given by its path there or an absolute path.",
  );

const byRatio = z
  .strictObject({
    labelledRatio: z.number().gt(0).max(1).describe('Share of the training images whose labels are used, in (0, 1].'),
    seed,
    cover,
  })
  .describe('A share of the training images, drawn by seed.');

const byNumber = z
  .strictObject({
    labelledImages: z.int().min(1).max(10_000_000).describe('How many training images keep their labels.'),
    seed,
    cover,
  })
  .describe('A number of training images, drawn by seed.');

const byList = z
  .strictObject({
    labelledList: listFile,
    unlabelledList: listFile.nullable().default(null).describe('null means all other training images.'),
  })
  .describe('The images in a list.');

export const labelledRatio = byRatio.shape.labelledRatio;

export const splitConfig = z.union([byRatio, byNumber, byList]);

const seedOfBase = { seed: drawSeed.optional() };

/** A split in the matrix of a study. A drawn split without a seed takes that of the base. */
export const axisSplit = z.union([byRatio.extend(seedOfBase), byNumber.extend(seedOfBase), byList]);

/** What the base of a study may say about the split when the matrix sets it. */
export const baseSplit = z.strictObject(seedOfBase);

export type SplitConfig = z.output<typeof splitConfig>;
export type SplitConfigInput = z.input<typeof splitConfig>;

/** The list of the unlabelled images; null if all other images are unlabelled. */
export function unlabelledListOf(split: SplitConfigInput): string | null {
  return ('labelledList' in split && split.unlabelledList) || null;
}

/**
 * A short name for a split: "1/16", "22 images", "list train_aug_labeled_1-16", "list mine (unlabelled: others)". Different splits
 * can have the same label.
 */
export function splitLabel(split: SplitConfigInput): string {
  if ('labelledRatio' in split) return ratioLabel(split.labelledRatio) + coverLabel(split);
  if ('labelledImages' in split) {
    return `${split.labelledImages} image${split.labelledImages === 1 ? '' : 's'}${coverLabel(split)}`;
  }
  const unlabelled = unlabelledListOf(split);
  return `list ${listLabel(split.labelledList)}${unlabelled === null ? '' : ` (unlabelled: ${listLabel(unlabelled)})`}`;
}

const coverLabel = ({ cover }: { cover?: boolean | undefined }): string => (cover ? ' covering all classes' : '');

function listLabel(path: string): string {
  const [file = '', folder] = path.split(/[\\/]/).reverse();
  const stem = file.replace(/\.\w+$/, '');
  // "labeled.txt" is a common name, so its folder is needed too.
  return `${folder && /^(un)?labell?ed$/i.test(stem) ? `${folder}/` : ''}${stem}`;
}

/** The usual way to write a labelled ratio: 0.125 → "1/8". Ratios that are not unit fractions are written as a percentage. */
export function ratioLabel(ratio: number): string {
  const denominator = 1 / ratio;
  const whole = Math.round(denominator);
  return Math.abs(denominator - whole) < 1e-6 * whole
    ? whole === 1
      ? 'all'
      : `1/${whole}`
    : `${+(ratio * 100).toPrecision(3)}%`;
}

/** The order of splits in tables: ratios, then numbers, both ascending, then lists by name. */
export function compareSplits(a: SplitConfig, b: SplitConfig): number {
  if ('labelledRatio' in a && 'labelledRatio' in b) return a.labelledRatio - b.labelledRatio;
  if ('labelledImages' in a && 'labelledImages' in b) return a.labelledImages - b.labelledImages;
  if ('labelledList' in a && 'labelledList' in b) {
    const byPath = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
    return byPath(a.labelledList, b.labelledList) || byPath(a.unlabelledList ?? '', b.unlabelledList ?? '');
  }
  return KINDS.findIndex((key) => key in a) - KINDS.findIndex((key) => key in b);
}

const KINDS = ['labelledRatio', 'labelledImages', 'labelledList'];
