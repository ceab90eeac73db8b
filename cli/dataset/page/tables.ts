import type { Inspection, PartReport } from '../../../runner/data/inspect/inspection.js';
import { counted } from '../../../runner/data/words.js';
import { ratioLabel } from '../../../schema/split-config.js';
import {
  bitCounts,
  channelCounts,
  describeCounts,
  describeCovering,
  describeRanges,
  describeSizes,
  NOT_COUNTED,
  number,
  PART_NAMES,
  percent,
} from '../words.js';
import { escaped, swatch, table } from './html.js';

export function imageTable({ parts }: Inspection): string {
  if (parts.length === 0) return '';
  const rows = parts.map((part) => [
    PART_NAMES[part.part],
    number(part.images),
    part.bad > 0 ? `<span class="none">${number(part.bad)}</span>` : '0',
    describeSizes(part),
    describeCounts(channelCounts(part)),
    describeCounts(bitCounts(part)),
    describeRanges(part),
  ]);
  return table(['subset', 'images', 'damaged', 'size', 'channels', 'bits', 'values'], rows);
}

export function classTables({ parts, classes }: Inspection): string {
  return parts
    .filter((part) => part.classes.length > 0)
    .map((part) => {
      const title = `<h3>${PART_NAMES[part.part]} <small>${number(part.ignoredPixels)} ignored pixels</small></h3>`;
      return title + classTable(part, classes);
    })
    .join('');
}

function classTable(part: PartReport, classes: Inspection['classes']): string {
  const most = Math.max(...part.classes.map(({ share }) => share ?? 0));
  const rows = part.classes.map(({ name, pixels, share, images, components }, index) => {
    const bar = `<span class="bar"><i style="width:${most > 0 ? ((100 * (share ?? 0)) / most).toFixed(1) : 0}%"></i></span>`;
    const sizes = components && [components.count, components.smallest, components.median, components.largest];
    return [
      swatch(classes[index]!.color) + escaped(name),
      orNone(pixels),
      percent(share) + bar,
      orNone(images),
      ...(sizes ?? [null, null, null, null]).map((size) => (size === null ? '–' : number(size))),
    ];
  });
  return table(['class', 'pixels', 'share', 'images', 'components', 'smallest', 'median', 'largest'], rows);
}

const orNone = (count: number): string => (count === 0 ? '<span class="none">0</span>' : number(count));

/** The images of each class that the usual splits would label. */
export function splitTable({ splits, coveringLabels, classes }: Inspection): string {
  if (splits === null) return paragraph(NOT_COUNTED);
  if (splits.length === 0) return '';
  const head = splits.map((split) => `${ratioLabel(split.labelledRatio)}: ${counted(split.labelledImages, 'label')}`);
  const rows = classes.map(({ name, color }, index) => [
    swatch(color) + escaped(name),
    ...splits.map((split) => orNone(split.classes[index]!.images)),
  ]);
  const covering = coveringLabels === null ? '' : paragraph(describeCovering(coveringLabels));
  return table(['images with', ...head], rows) + covering;
}

const paragraph = (text: string): string => `<p class="note">${escaped(text)}</p>`;
