import { componentsOf } from '../../../runner/data/images/components.js';
import type { Inspected } from '../../../runner/data/inspect/inspect-dataset.js';
import type { ImageName, InspectedImage } from '../../../runner/data/inspect/inspection.js';
import { counted } from '../../../runner/data/words.js';
import { fullName } from '../words.js';
import { escaped, type Figure, figures } from './html.js';
import { inTurn } from './in-turn.js';
import type { Pictures } from './pictures.js';

/** The most images that a kind of suspect shows. */
const SHOWN = 12;

/** Everything that looks wrong, with pictures, the worst first. */
export async function suspectSheets(inspected: Inspected, pictures: Pictures): Promise<string> {
  const { inspection, images } = inspected;
  const { duplicates, nearDuplicates, suspects } = inspection;
  const byName = new Map(images.map((image) => [fullName(image), image]));
  const find = (name: ImageName): InspectedImage => byName.get(fullName(name))!;
  const plain = async (name: ImageName) => ({ source: await pictures.plain(find(name)), alt: fullName(name) });
  const label = async (name: ImageName) => ({
    source: await pictures.label(find(name)),
    alt: 'the label as it is read',
  });

  const worst = [...duplicates].sort((a, b) => Number(b.acrossSubsets) - Number(a.acrossSubsets));
  const leaks = duplicates.filter(({ acrossSubsets }) => acrossSubsets).length;
  return [
    await sheet(
      'Images with the same bytes',
      worst,
      async ({ images: same, acrossSubsets, labelsDiffer }) => ({
        pictures: [await plain(same[0]!)],
        caption: same.slice(0, 3).map(fullName).join(' = ') + (same.length > 3 ? ` and ${same.length - 3} more` : ''),
        detail: [acrossSubsets ? 'in several subsets' : 'in one subset', labelsDiffer ? 'with different labels' : '']
          .filter((part) => part !== '')
          .join(', '),
      }),
      leaks > 0 ? `${counted(leaks, 'group')} across subsets: an evaluation on them is too good.` : '',
    ),
    await sheet(
      'Images that look alike in different subsets',
      nearDuplicates,
      async ({ image, of, distance }) => ({
        pictures: [await plain(image), await plain(of)],
        caption: `${fullName(image)} and ${fullName(of)}`,
        detail: `${counted(distance, 'bit')} of 64 differ`,
      }),
      'Perhaps the same scene or frames of one video: an evaluation on them may be too good.',
    ),
    await sheet('Labels without a pixel of any class', suspects.blank, async (name) => ({
      pictures: [await plain(name)],
      caption: fullName(name),
    })),
    await sheet(
      'Palettes that contradict the classes',
      suspects.clashing,
      async ({ value, className, looksLike, ...name }) => ({
        pictures: [
          await plain(name),
          await label(name),
          { source: await pictures.palette(find(name)), alt: 'the label in the colours of its palette' },
        ],
        caption: fullName(name),
        detail: `value ${value} is read as ${className} (second picture), but has the colour of ${looksLike} (third)`,
      }),
      'A tool may have renumbered the palette.',
    ),
    await sheet(
      'Images with an orientation tag',
      suspects.turned,
      async ({ orientation, ...name }) => ({
        pictures: [
          { source: await pictures.oriented(find(name), false), alt: `${fullName(name)} as stored` },
          { source: await pictures.oriented(find(name), true), alt: 'turned' },
        ],
        caption: fullName(name),
        detail: `EXIF orientation ${orientation}: as stored, and turned`,
      }),
      'Images are read as stored unless data.applyOrientation is true. Which picture fits its label?',
    ),
    await sheet(
      `Components of fewer than ${suspects.tiny.below} pixels`,
      suspects.tiny.worst,
      async ({ components, ...name }) => ({
        pictures: [{ source: await framedTiny(find(name), inspected, pictures), alt: fullName(name) }],
        caption: fullName(name),
        detail: counted(components, 'component'),
      }),
      `${counted(suspects.tiny.components, 'component')} in ${counted(suspects.tiny.labels, 'label')}. Perhaps slips of the brush.`,
    ),
  ].join('');
}

async function sheet<T>(
  title: string,
  items: readonly T[],
  draw: (item: T) => Promise<Figure>,
  note = '',
): Promise<string> {
  if (items.length === 0) return '';
  const shown = await inTurn(items.slice(0, SHOWN), draw);
  const count = items.length > SHOWN ? `${SHOWN} of ${items.length}` : `${items.length}`;
  const explained = note === '' ? '' : `<p class="note">${escaped(note)}</p>`;
  return `<h3>${escaped(title)} <small>${count}</small></h3>${explained}${figures(shown)}`;
}

function framedTiny(image: InspectedImage, { inspection }: Inspected, pictures: Pictures): Promise<string> {
  const { classes, suspects } = inspection;
  return pictures.framed(image, ({ labels, width, height }) =>
    componentsOf(labels, width, height, classes.length).filter(({ size }) => size < suspects.tiny.below),
  );
}
