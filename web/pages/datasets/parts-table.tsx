import { grouped, percent } from '../../format/format.js';
import type { Facts } from './dataset.js';
import { PART_NAMES } from './part-names.js';

const SIZES_SHOWN = 3;

/** Sizes and bits of the images of each part, and what occurs more than once. */
export function PartsTable({ facts: { parts, duplicates } }: { facts: Facts }) {
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Part</th>
              <th scope="col" className="number">
                Images
              </th>
              <th scope="col">Size</th>
              <th scope="col">Bits</th>
              <th scope="col" className="number" title="Share of the labels' pixels that have no class">
                Ignored, %
              </th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <tr key={part.part}>
                <th scope="row">{PART_NAMES[part.part]}</th>
                <td className="number">{grouped(part.images)}</td>
                <td>{sizeWords(part.sizes)}</td>
                <td>{part.bits.join(', ')}</td>
                <td className="number">{part.classes.length > 0 ? percent(ignoredShare(part)) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft">{duplicateWords(duplicates)}</p>
    </>
  );
}

/** "500 × 375 (2,009), 500 × 333 (1,434) and others" */
function sizeWords(sizes: Facts['parts'][number]['sizes']): string {
  const [only, second] = sizes;
  if (only && !second) return `${only.width} × ${only.height}`;
  const shown = sizes
    .slice(0, SIZES_SHOWN)
    .map(({ width, height, images }) => `${width} × ${height} (${grouped(images)})`);
  return shown.join(', ') + (sizes.length > SIZES_SHOWN ? ' and others' : '');
}

function ignoredShare({ classes, ignoredPixels }: Facts['parts'][number]): number {
  const total = classes.reduce((sum, { pixels }) => sum + pixels, ignoredPixels);
  return total === 0 ? 0 : ignoredPixels / total;
}

function duplicateWords({ groups, acrossSubsets, near }: Facts['duplicates']): string {
  const same =
    groups === 0
      ? 'No image occurs twice'
      : `${grouped(groups)} ${groups === 1 ? 'image occurs' : 'images occur'} more than once (${grouped(acrossSubsets)} in several subsets)`;
  if (near === 0) return `${same}.`;
  const alike = near === 1 ? '1 validation or test image looks' : `${grouped(near)} validation and test images look`;
  return `${same}; ${alike} almost like one of another subset.`;
}
