import { addUp, isBlank } from '../../images/class-counts.js';
import { orientationWarnings } from '../../orientation.js';
import { counted, listed, listedClasses, pathIn } from '../../words.js';
import type { ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';
import { taggedImages } from './run-facts.js';

/** What is certainly wrong with a dataset as a whole, and what looks wrong, in one line each. */
export interface Findings {
  problems: string[];
  warnings: string[];
}

type Facts = ReadonlyMap<ImageFiles, ImageFacts>;

/** Ids that a message names. */
const LISTED = 5;
/** If this many images have the same range, it is not by chance. */
const STRETCHED_IMAGES = 5;

/** Looks at all images of a dataset together, each of which has passed its own check. */
export function findingsOf(options: FilesDatasetOptions, facts: Facts): Findings {
  const { files, unlabelled, classes } = options;
  const problems = options.inspect?.(facts) ?? [];
  const warnings: string[] = [];
  // The classes are then read wrongly.
  if (problems.length > 0) return { problems, warnings };
  const labelled = files.TRAIN.map((image) => facts.get(image)!.pixels).filter((pixels) => pixels !== null);
  const { pixels: totals } = addUp(labelled, classes.length);
  const held = classes.filter((_, index) => totals[index]! > 0);
  const ignored = totals.at(-1)!;
  if (labelled.length > 0 && held.length === 0) problems.push(nothingLabelled(labelled.length));
  else if (labelled.length > 0 && held.length === 1 && ignored > 0)
    problems.push(onlyOne(options, held[0]!.name, facts));
  else if (labelled.length > 0 && held.length < classes.length) warnings.push(missing(options, totals));
  const blank = files.TRAIN.filter((image) => isBlank(facts.get(image)!.pixels!, classes.length));
  if (held.length > 0 && blank.length > 0) {
    warnings.push(
      `${counted(blank.length, 'training label')} without a pixel of any class: ${listed(idsOf(blank), LISTED)}`,
    );
  }
  const all = [...SUBSETS.flatMap((subset) => files[subset]), ...unlabelled];
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

function nothingLabelled(labels: number): string {
  return `no pixel of ${labels === 1 ? 'the training label' : `the ${labels} training labels`} has a class: all are ignored`;
}

/** Binary masks of 0 and 255 with 255 to ignore look like this. */
function onlyOne(options: FilesDatasetOptions, name: string, facts: Facts): string {
  const values = [...new Set(options.files.TRAIN.flatMap((image) => facts.get(image)!.values ?? []))];
  const [low, high, more] = values.sort((a, b) => a - b);
  const { values: meanings } = options.files.TRAIN[0]!.coding;
  const wanted = options.classes.find((each) => each.name !== name)!.name;
  const nameOf = (value: number) => (meanings[value] === options.ignoreIndex ? wanted : name);
  const advice =
    low !== undefined && high !== undefined && more === undefined
      ? `; their values are ${low} and ${high}: if ${nameOf(low) === wanted ? low : high} means "${wanted}", say so in classes.json: ` +
        `"values": {"${low}": "${nameOf(low)}", "${high}": "${nameOf(high)}"}`
      : '';
  return `the training labels hold only "${name}" and ignored pixels, so nothing can be learned${advice}`;
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

/** Cameras use a small part of their range. If every image uses all of it, its temperatures were made relative. */
function stretched({ files, channels }: FilesDatasetOptions, facts: Facts): string[] {
  if (channels === 3) return [];
  const all = SUBSETS.flatMap((subset) => files[subset]).map((image) => facts.get(image)!);
  const full = all.filter(({ ranges, bits }) => {
    const [lowest, highest] = ranges.at(-1)!;
    return lowest === 0 && highest === (bits === 16 ? 65_535 : 255);
  });
  if (full.length < STRETCHED_IMAGES || full.length < all.length) return [];
  return [
    `every ${channels === 1 ? 'image' : 'thermal image'} goes from the lowest to the highest possible value, so each was probably ` +
      'stretched on its own: the same temperature then has another value in each; use the values of the camera',
  ];
}

const idsOf = (images: readonly ImageFiles[]) => images.map(({ id }) => id);
