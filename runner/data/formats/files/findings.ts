import type { ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';
import { heldIn, mixedMasks, unusableLabels } from './label-findings.js';

/** What is certainly wrong with a dataset as a whole, and what looks wrong, in one line each. */
export interface Findings {
  problems: string[];
  warnings: string[];
}

type Facts = ReadonlyMap<ImageFiles, ImageFacts>;

/** Ids that a message names. */
const LISTED = 5;
/** Classes that a message names. Some datasets have hundreds. */
const MOST_NAMES = 25;
/** If this many images have the same range, and this share of all, it is not by chance. */
const STRETCHED_IMAGES = 5;
const STRETCHED_SHARE = 0.9;

/** Looks at all images of a dataset together, each of which has passed its own check. */
export function findingsOf(options: FilesDatasetOptions, facts: Facts): Findings {
  const { files, unlabelled, classes } = options;
  const problems = options.inspect?.(facts) ?? [];
  const warnings: string[] = [];
  // The classes are then read wrongly.
  if (problems.length > 0) return { problems, warnings };
  problems.push(...unusableLabels(options, facts));
  const { labels, totals, classes: held } = heldIn('TRAIN', options, facts);
  if (problems.length === 0 && labels > 0 && held.length < classes.length) warnings.push(missing(options, totals));
  const blank = files.TRAIN.filter((image) => isBlank(facts.get(image)!.pixels));
  if (held.length > 0 && blank.length > 0) {
    warnings.push(`${counted(blank.length, 'training label')} without a pixel of any class: ${listed(blank)}`);
  }
  const all = [...SUBSETS.flatMap((subset) => files[subset]), ...unlabelled];
  // The problem says it already if a subset has nothing else.
  if (problems.length === 0) warnings.push(...mixedMasks(options, facts));
  warnings.push(...orientation(all, facts), ...palettes(options, all, facts), ...stretched(options, facts));
  if (files.TRAIN.length > 0 && files.VAL.length === 0) {
    warnings.push(
      files.TEST.length === 0
        ? 'there are no val and no test images, so runs end without an evaluation'
        : 'there are no val images, so runs are evaluated only at their end, on test',
    );
  }
  return { problems, warnings };
}

const isBlank = (pixels: number[] | null): boolean => pixels?.slice(0, -1).every((count) => count === 0) ?? false;

function missing({ classes }: FilesDatasetOptions, totals: readonly number[]): string {
  const names = classes.filter((_, index) => totals[index] === 0).map(({ name }) => name);
  const more = names.length - MOST_NAMES;
  const listed = names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return `no training label has a pixel of ${listed}: a network cannot learn what it never sees`;
}

function orientation(all: readonly ImageFiles[], facts: Facts): string[] {
  const tagged = all.filter((image) => facts.get(image)!.orientation !== 1);
  if (tagged.length === 0) return [];
  const first = facts.get(tagged[0]!)!.orientation;
  const turned = all.filter((image) => facts.get(image)!.isTurned);
  const sizes =
    turned.length > 0
      ? `${counted(turned.length, 'label')} (${listed(turned)}) has the size of the turned picture, so set it`
      : 'if the labels were made on turned pictures, set it';
  return [
    `${counted(tagged.length, 'image')} with an EXIF orientation tag (${first} in ${tagged[0]!.id}), which is not applied unless ` +
      `data.applyOrientation is true in a run's configuration; ${sizes}`,
  ];
}

function palettes({ classes }: FilesDatasetOptions, all: readonly ImageFiles[], facts: Facts): string[] {
  const clashing = all.filter((image) => facts.get(image)!.clash !== null);
  const first = clashing[0];
  if (!first) return [];
  const { value, looksLike } = facts.get(first)!.clash!;
  const meaning = classes[first.coding.values[value]!]!.name;
  return [
    `${counted(clashing.length, 'label')} whose palette contradicts the classes: in ${first.label}, value ${value} is read as ` +
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

function listed(images: readonly ImageFiles[]): string {
  const more = images.length - LISTED;
  const names = images.slice(0, LISTED).map(({ id }) => id);
  return names.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
