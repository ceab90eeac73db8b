import type { Subset } from '../../../tracking/tracker.js';
import { addUp } from '../../images/class-counts.js';
import { counted, listed } from '../../words.js';
import type { ImageFacts } from './facts.js';
import type { FilesDatasetOptions } from './files-options.js';
import { type ImageFiles, SUBSETS } from './image-files.js';

type Facts = ReadonlyMap<ImageFiles, ImageFacts>;

const NAMES: Record<Subset, string> = { TRAIN: 'training', VAL: 'val', TEST: 'test' };

/** Ids that a message names. */
const LISTED = 5;
/** A message with more values is hard to read. */
const MOST_VALUES = 20;

/** In masks of many tools, the value of what they show; in other labels, that of pixels without a class. */
const WHITE = 255;

/** What the labels of a subset hold together, without those that were not counted. */
interface Held {
  labels: number;
  /** Pixels of each class. */
  totals: number[];
  /** Indices of the classes that have pixels. */
  classes: number[];
  ignored: number;
}

export function heldIn(subset: Subset, { files, classes }: FilesDatasetOptions, facts: Facts): Held {
  const labels = files[subset].map((image) => facts.get(image)!.pixels).filter((pixels) => pixels !== null);
  const sums = addUp(labels, classes.length).pixels;
  const totals = sums.slice(0, -1);
  return {
    labels: labels.length,
    totals,
    classes: totals.flatMap((total, index) => (total > 0 ? [index] : [])),
    ignored: sums.at(-1)!,
  };
}

/** Why nothing can be learned from the labels of train, or measured with those of val or test. */
export function unusableLabels(options: FilesDatasetOptions, facts: Facts): string[] {
  const train = heldIn('TRAIN', options, facts);
  return SUBSETS.flatMap((subset) => {
    const { labels, classes, ignored } = heldIn(subset, options, facts);
    if (labels === 0) return [];
    if (classes.length === 0) return [nothingLabelled(subset, labels)];
    // One class alone may be all that a small val has.
    const isLess = subset === 'TRAIN' || train.classes.length > 1;
    return classes.length === 1 && ignored > 0 && isLess ? [onlyOne(subset, classes[0]!, options, facts)] : [];
  });
}

function nothingLabelled(subset: Subset, labels: number): string {
  const which = labels === 1 ? `the ${NAMES[subset]} label` : `the ${labels} ${NAMES[subset]} labels`;
  return `no pixel of ${which} has a class: all are ignored`;
}

/** Binary masks of 0 and 255 with 255 to ignore look like this. */
function onlyOne(subset: Subset, held: number, options: FilesDatasetOptions, facts: Facts): string {
  const { name } = options.classes[held]!;
  const problem = `the ${NAMES[subset]} labels hold only "${name}" and ignored pixels, so nothing can be ${
    subset === 'TRAIN' ? 'learned' : 'measured'
  }`;
  const [low, high, more] = valuesOf(options.files[subset], facts);
  if (low === undefined || high === undefined || more !== undefined) return problem;
  const { coding } = options.files[subset][0]!;
  const strange = coding.values[low] === options.ignoreIndex ? low : high;
  return `${problem}; their values are ${low} and ${high}${adviceFor(strange, held, options, facts)}`;
}

/** What to do if an ignored value means a class. */
function adviceFor(value: number, notClass: number, options: FilesDatasetOptions, facts: Facts): string {
  const { classes, files } = options;
  const { coding } = files.TRAIN[0]!;
  const wanted = classes.find((_, index) => index !== notClass)!.name;
  const all = SUBSETS.flatMap((subset) => valuesOf(files[subset], facts));
  const meanings = new Map(all.map((each) => [each, classes[coding.values[each]!]?.name ?? null]));
  meanings.set(value, wanted);
  // Each class needs a value.
  for (const [each, meaning] of coding.values.entries()) {
    const name = classes[meaning]?.name;
    if (name !== undefined && ![...meanings.values()].includes(name)) meanings.set(each, name);
  }
  if (meanings.size > MOST_VALUES) return `: if ${value} means "${wanted}", say so with "values" in classes.json`;
  const lines = [...meanings].sort((a, b) => a[0] - b[0]).map(([each, name]) => `"${each}": ${JSON.stringify(name)}`);
  return `: if ${value} means "${wanted}", say so in classes.json: "values": {${lines.join(', ')}}`;
}

/** Masks of 0 and 255 among labels of class indices: their 255 is ignored, and nothing else is wrong with them. */
export function mixedMasks(options: FilesDatasetOptions, facts: Facts): string[] {
  const images = SUBSETS.flatMap((subset) => options.files[subset]);
  const valuesIn = (image: ImageFiles) => facts.get(image)!.values ?? [];
  const masks = images.filter(
    (image) => String(valuesIn(image)) === `0,${WHITE}` && image.coding.values[WHITE] === options.ignoreIndex,
  );
  const others = images.filter((image) => valuesIn(image).some((value) => value !== 0 && value !== WHITE));
  // If the others have ignored pixels of that value too, it means what it should.
  const same = others.filter((image) => valuesIn(image).includes(WHITE));
  const background = masks[0]?.coding.values[0];
  if (background === undefined || !options.classes[background] || same.length * 2 >= others.length) return [];
  const ids = masks.map(({ id }) => id);
  const which = `${counted(masks.length, 'label')} (${listed(ids, LISTED)})`;
  return [
    `${which} with only the values 0 and ${WHITE}, of which ${WHITE} is ignored, while others have more classes` +
      adviceFor(WHITE, background, options, facts),
  ];
}

/** The values in the labels, ascending. */
function valuesOf(images: readonly ImageFiles[], facts: Facts): number[] {
  const values = new Set(images.flatMap((image) => facts.get(image)!.values ?? []));
  return [...values].sort((a, b) => a - b);
}
