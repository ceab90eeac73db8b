import { pixelsOf } from '../../../runner/data/images/class-counts.js';
import type { Inspected } from '../../../runner/data/inspect/inspect-dataset.js';
import type { InspectedImage } from '../../../runner/data/inspect/inspection.js';
import { counted } from '../../../runner/data/words.js';
import { fullName, percent } from '../words.js';
import { escaped, type Figure, figures, swatch } from './html.js';
import { inTurn } from './in-turn.js';
import type { Pictures } from './pictures.js';

/** Pictures per class: fewer if there are many classes, so that a page stays below about 5 MB. */
const MOST_PICTURES = 6;
const ALL_PICTURES = 300;

/** Some images of every class, from those that hold most of it to those that hold least. */
export async function classSheets({ inspection, images }: Inspected, pictures: Pictures): Promise<string> {
  const { classes } = inspection;
  const each = Math.max(2, Math.min(MOST_PICTURES, Math.floor(ALL_PICTURES / classes.length)));
  const sheets = await inTurn([...classes.keys()], async (index) => {
    const { name, color } = classes[index]!;
    const holding = withClass(images, index);
    const shown = await Promise.all(spread(holding, each).map((image) => figureOf(image, index, pictures)));
    const missing = '<p class="none">No label has a pixel of this class.</p>';
    const count = `<small>${counted(holding.length, 'image')}</small>`;
    return `<h3>${swatch(color)}${escaped(name)} ${count}</h3>${shown.length > 0 ? figures(shown) : missing}`;
  });
  return sheets.join('');
}

const shareOf = ({ facts }: InspectedImage, index: number): number =>
  pixelsOf(facts!.pixels!, index) / (facts!.width * facts!.height);

/** The images that hold a class, those with most of it first. */
function withClass(images: readonly InspectedImage[], index: number): InspectedImage[] {
  return images
    .filter(({ facts }) => facts?.pixels && pixelsOf(facts.pixels, index) > 0)
    .sort((a, b) => shareOf(b, index) - shareOf(a, index));
}

/** Evenly from first to last. */
function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]!);
}

async function figureOf(image: InspectedImage, index: number, pictures: Pictures): Promise<Figure> {
  const source = await pictures.ofClass(image, index);
  const size = `${percent(shareOf(image, index))}, ${counted(pixelsOf(image.facts!.pixels!, index), 'pixel')}`;
  return { pictures: [{ source, alt: fullName(image) }], caption: fullName(image), detail: size };
}
