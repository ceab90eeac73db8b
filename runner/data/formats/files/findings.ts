import { isBlank } from '../../images/class-counts.js';
import { orientationWarnings } from '../../orientation.js';
import { counted, listed, listedClasses, pathIn } from '../../words.js';
import type { ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';
import { heldIn, mixedMasks, unusableLabels } from './label-findings.js';
import { taggedImages } from './run-facts.js';

/** What is certainly wrong with a dataset as a whole, and what looks wrong, in one line each. */
export interface Findings {
  problems: string[];
  warnings: string[];
}

type Facts = ReadonlyMap<ImageFiles, ImageFacts>;

/** Ids that a message names. */
const LISTED = 5;
/** If this many images have the same range, and this share of all, it is not by chance. */
const STRETCHED_IMAGES = 5;
const STRETCHED_SHARE = 0.9;

/** Looks at all images of a dataset together, each of which has passed its own check. */
export function findingsOf(options: FilesDatasetOptions, facts: Facts): Findings {
  const { files, unlabelled, classes } = options;
  const { problems, warnings } = options.inspect?.(facts) ?? { problems: [], warnings: [] };
  // The classes are then read wrongly.
  if (problems.length > 0) return { problems, warnings };
  problems.push(...unusableLabels(options, facts));
  const { labels, totals, classes: held } = heldIn('TRAIN', options, facts);
  if (problems.length === 0 && labels > 0 && held.length < classes.length) warnings.push(missing(options, totals));
  const blank = files.TRAIN.filter((image) => isBlank(facts.get(image)!.pixels!, classes.length));
  if (held.length > 0 && blank.length > 0) {
    warnings.push(
      `${counted(blank.length, 'training label')} without a pixel of any class: ${listed(idsOf(blank), LISTED)}`,
    );
  }
  const all = [...SUBSETS.flatMap((subset) => files[subset]), ...unlabelled];
  // The problem says it already if a subset has nothing else.
  if (problems.length === 0) warnings.push(...mixedMasks(options, facts));
  warnings.push(
    ...orientationWarnings(taggedImages(options, facts)),
    ...palettes(options, all, facts),
    ...stretched(options, facts),
  );
  if (files.TRAIN.length > 0 && files.VAL.length === 0) {
    warnings.push(
      files.TEST.length === 0
        ? 'there are no val and no test images, so runs end without an evaluation'
        : 'there are no val images, so runs are evaluated only at their end, on test',
    );
  }
  return { problems, warnings };
}

function missing({ classes }: FilesDatasetOptions, totals: readonly number[]): string {
  const names = classes.filter((_, index) => totals[index] === 0).map(({ name }) => name);
  return `no training label has a pixel of ${listedClasses(names)}: a network cannot learn what it never sees`;
}

function palettes({ classes, directory }: FilesDatasetOptions, all: readonly ImageFiles[], facts: Facts): string[] {
  const clashing = all.filter((image) => facts.get(image)!.clash !== null);
  const first = clashing[0];
  if (!first) return [];
  const { value, looksLike } = facts.get(first)!.clash!;
  const meaning = classes[first.coding.values[value]!]!.name;
  return [
    `${counted(clashing.length, 'label')} whose palette contradicts the classes: in ${pathIn(directory, first.label!)}, value ${value} is read as ` +
      `"${meaning}", but has the colour of "${classes[looksLike]!.name}"; a tool may have renumbered the palette`,
  ];
}

/** Cameras use a small part of their range. If images use all of it, their temperatures were made relative. */
function stretched({ files, channels, isThermal }: FilesDatasetOptions, facts: Facts): string[] {
  const all = SUBSETS.flatMap((subset) => files[subset]).map((image) => facts.get(image)!);
  if (channels === 3 && !(isThermal && all.every(({ storedChannels }) => storedChannels === 1))) return [];
  const full = all.filter(({ ranges, bits }) => {
    const [lowest, highest] = ranges.at(-1)!;
    return lowest === 0 && highest === (bits === 16 ? 65_535 : 255);
  });
  if (full.length < STRETCHED_IMAGES || full.length < all.length * STRETCHED_SHARE) return [];
  const what = channels === 1 ? 'image' : 'thermal image';
  const which = full.length === all.length ? `every ${what} goes` : `${full.length} of ${all.length} ${what}s go`;
  return [
    `${which} from the lowest to the highest possible value, so each was probably ` +
      'stretched on its own: the same temperature then has another value in each; use the values of the camera',
  ];
}

const idsOf = (images: readonly ImageFiles[]) => images.map(({ id }) => id);
