import type { ClassInfo } from '../dataset.js';
import type { ImageFacts } from '../formats/files/facts.js';
import { addUp, type ClassCounts } from '../images/class-counts.js';
import type { SizeCounts } from '../images/components.js';
import type { ValueRange } from '../images/value-ranges.js';
import type { ClassReport, InspectedImage, Part, PartReport } from './inspection.js';

/** What the images of a part hold together. */
export function partReport(part: Part, images: readonly InspectedImage[], classes: readonly ClassInfo[]): PartReport {
  const facts = images.flatMap((image) => image.facts ?? []);
  const labelled = facts.filter(({ pixels }) => pixels !== null);
  const reports = labelled.length > 0 ? classReports(labelled, classes) : [];
  const tally = (of: (image: ImageFacts) => string) => [...timesOf(facts.map(of))];
  return {
    part,
    images: images.length,
    bad: images.length - facts.length,
    sizes: tally(({ width, height }) => `${width}x${height}`)
      .sort(([, a], [, b]) => b - a)
      .map(([size, images]) => {
        const [width, height] = size.split('x').map(Number);
        return { width: width!, height: height!, images };
      }),
    storedChannels: tally(({ storedChannels }) => `${storedChannels}`)
      .sort()
      .map(([channels, images]) => ({ channels: Number(channels), images })),
    bits: tally(({ bits }) => `${bits}`)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([bits, images]) => ({ bits: Number(bits), images })),
    ranges: widest(facts.map(({ ranges }) => ranges)),
    classes: reports,
    ignoredPixels: addUp(countsOf(labelled), classes.length).pixels.at(-1)!,
    missing: reports.filter(({ pixels }) => pixels === 0).map(({ name }) => name),
  };
}

/** How often each value occurs. */
function timesOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function widest(ranges: readonly (readonly ValueRange[])[]): ValueRange[] {
  const all = (ranges[0] ?? []).map(([lowest, highest]): ValueRange => [lowest, highest]);
  for (const image of ranges) {
    for (const [channel, [lowest, highest]] of image.entries()) {
      const range = all[channel]!;
      range[0] = Math.min(range[0], lowest);
      range[1] = Math.max(range[1], highest);
    }
  }
  return all;
}

function classReports(labelled: readonly ImageFacts[], classes: readonly ClassInfo[]): ClassReport[] {
  const sums = addUp(countsOf(labelled), classes.length);
  const total = sums.pixels.slice(0, -1).reduce((sum, pixels) => sum + pixels, 0);
  const components = classes.map((): SizeCounts[] => []);
  for (const image of labelled) for (const [index, sizes] of image.components!) components[index]!.push(sizes);
  return classes.map(({ name }, index) => {
    const pixels = sums.pixels[index]!;
    const share = total === 0 ? null : pixels / total;
    return { name, pixels, share, images: sums.images[index]!, components: summary(components[index]!) };
  });
}

const countsOf = (labelled: readonly ImageFacts[]): ClassCounts[] => labelled.map(({ pixels }) => pixels!);

function summary(ofImages: readonly SizeCounts[]): ClassReport['components'] {
  const bySize = new Map<number, number>();
  for (const sizes of ofImages) {
    for (let at = 0; at < sizes.length; at += 2) {
      bySize.set(sizes[at]!, (bySize.get(sizes[at]!) ?? 0) + sizes[at + 1]!);
    }
  }
  if (bySize.size === 0) return null;
  const sorted = [...bySize].sort(([a], [b]) => a - b);
  const count = sorted.reduce((sum, [, times]) => sum + times, 0);
  /** The size at a position in the sorted list of all components. */
  const at = (position: number): number => {
    let passed = 0;
    for (const [size, times] of sorted) {
      passed += times;
      if (passed > position) return size;
    }
    throw new RangeError(`there are ${count} components; got position ${position}`);
  };
  const median = (at(Math.floor((count - 1) / 2)) + at(Math.floor(count / 2))) / 2;
  return { count, smallest: sorted[0]![0], median, largest: sorted.at(-1)![0] };
}
