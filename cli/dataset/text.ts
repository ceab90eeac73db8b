import type { ImageName, Inspection, PartReport } from '../../runner/data/inspect/inspection.js';
import { counted, listed, listedClasses } from '../../runner/data/words.js';
import { ratioLabel } from '../../schema/split-config.js';
import { type Column, renderRows } from '../output/columns.js';
import {
  bitCounts,
  channelCounts,
  describeCounts,
  describeCovering,
  describeRanges,
  describeSizes,
  fullName,
  NOT_COUNTED,
  number,
  PART_NAMES,
  percent,
} from './words.js';

/** The most images that a list names. The others are only counted; the JSON has them all. */
const LISTED = 10;

/** What a dataset holds, in lines of text. What is wrong comes last, where a terminal shows it. */
export function describeInspection(inspection: Inspection): string[] {
  const { name, kind, directory, parts, fingerprint } = inspection;
  const images = parts.map((part) => `${number(part.images)} ${PART_NAMES[part.part]}`).join(', ') || 'no images';
  return [
    `${name} (${kind}) in ${directory}`,
    images,
    `fingerprint ${fingerprint ?? '–, because the dataset cannot be used'}`,
    ...section('Images', renderRows(IMAGE_COLUMNS, parts)),
    ...parts.filter(({ classes }) => classes.length > 0).flatMap(classTable),
    ...splitTable(inspection),
    ...duplicates(inspection),
    ...suspects(inspection),
    ...section('Warnings', inspection.warnings.map(bullet)),
    ...section('Problems', inspection.problems.map(bullet)),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

const bullet = (text: string): string => `- ${text}`;

const IMAGE_COLUMNS: Column<PartReport>[] = [
  { title: 'subset', of: ({ part }) => PART_NAMES[part] },
  { title: 'images', of: ({ images }) => number(images), right: true },
  { title: 'damaged', of: ({ bad }) => number(bad), right: true },
  { title: 'size', of: describeSizes },
  { title: 'channels', of: (part) => describeCounts(channelCounts(part)) },
  { title: 'bits', of: (part) => describeCounts(bitCounts(part)) },
  { title: 'values', of: describeRanges },
];

function classTable({ part, classes, ignoredPixels, missing }: PartReport): string[] {
  const sizes = (of: 'count' | 'smallest' | 'median' | 'largest') => ({
    of: ({ components }: (typeof classes)[number]) => (components ? number(components[of]) : '–'),
    right: true,
  });
  const columns: Column<(typeof classes)[number]>[] = [
    { title: 'class', of: ({ name }) => name },
    { title: 'pixels', of: ({ pixels }) => number(pixels), right: true },
    { title: 'share', of: ({ share }) => percent(share), right: true },
    { title: 'images', of: ({ images }) => number(images), right: true },
    { title: 'components', ...sizes('count') },
    { title: 'smallest', ...sizes('smallest') },
    { title: 'median', ...sizes('median') },
    { title: 'largest', ...sizes('largest') },
  ];
  return section(`Classes in ${PART_NAMES[part]}`, [
    ...renderRows(columns, classes),
    `ignored pixels: ${number(ignoredPixels)}`,
    ...(missing.length > 0 ? [`not in any label: ${missing.join(', ')}`] : []),
  ]);
}

/** The images of each class that the usual splits would label. */
function splitTable({ splits, coveringLabels, classes }: Inspection): string[] {
  const title = 'Labelled splits with seed 0';
  if (splits === null) return section(title, [NOT_COUNTED]);
  const columns: Column<number>[] = [
    { title: 'images with', of: (index) => classes[index]!.name },
    ...splits.map(({ labelledRatio, labelledImages, classes: held }) => ({
      title: `${ratioLabel(labelledRatio)}: ${counted(labelledImages, 'label')}`,
      of: (index: number) => number(held[index]!.images),
      right: true,
    })),
  ];
  const missing = splits
    .filter((split) => split.missing.length > 0)
    .map((split) => `${ratioLabel(split.labelledRatio)} has no label of ${listedClasses(split.missing)}`);
  if (splits.length === 0) return [];
  const covering = coveringLabels === null ? [] : [describeCovering(coveringLabels)];
  return section(title, [...renderRows(columns, [...classes.keys()]), ...missing, ...covering]);
}

function duplicates({ duplicates, nearDuplicates }: Inspection): string[] {
  const same = duplicates.map(({ images, labelsDiffer }) => {
    const names = listed(images.map(fullName), LISTED, ' = ');
    return names + (labelsDiffer ? ' (with different labels)' : '');
  });
  const near = nearDuplicates.map(
    ({ image, of, distance }) =>
      `${fullName(image)} looks like ${fullName(of)} (${counted(distance, 'bit')} of 64 differ)`,
  );
  return [
    ...section('Images with the same bytes', lines(same)),
    ...section('Images that look alike in different subsets', lines(near)),
  ];
}

function suspects({ suspects: { blank, tiny, clashing, turned } }: Inspection): string[] {
  const rows: string[] = [];
  const add = (what: string, images: readonly ImageName[]) => {
    if (images.length > 0) rows.push(`${what}: ${listed(images.map(fullName), LISTED)}`);
  };
  add(counted(blank.length, 'label without a pixel of any class', 'labels without a pixel of any class'), blank);
  const components = counted(tiny.components, 'component');
  add(`${components} of fewer than ${tiny.below} pixels in ${counted(tiny.labels, 'label')}, most in`, tiny.worst);
  add(
    counted(
      clashing.length,
      'label whose palette contradicts the classes',
      'labels whose palettes contradict the classes',
    ),
    clashing,
  );
  add(counted(turned.length, 'image with an EXIF orientation tag', 'images with an EXIF orientation tag'), turned);
  return section('Worth a look', rows);
}

function lines(all: readonly string[]): string[] {
  const more = all.length - LISTED;
  return more > 0 ? [...all.slice(0, LISTED), `… and ${number(more)} more`] : [...all];
}
