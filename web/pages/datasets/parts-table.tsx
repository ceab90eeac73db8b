import { Scroll } from '../../components/scroll.js';
import { grouped, percent } from '../../format/format.js';
import { t } from '../../messages/t.js';
import type { Facts } from './dataset.js';

const SIZES_SHOWN = 3;

/** Sizes and bits of the images of each part, and what occurs more than once. */
export function PartsTable({ facts: { parts, duplicates } }: { facts: Facts }) {
  return (
    <>
      <Scroll>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('datasets.part')}</th>
              <th scope="col" className="number">
                {t('datasets.images')}
              </th>
              <th scope="col">{t('datasets.imageSize')}</th>
              <th scope="col">{t('datasets.bits')}</th>
              <th scope="col" className="number" title={t('datasets.ignoredTitle')}>
                {t('datasets.ignored')}
              </th>
            </tr>
          </thead>
          <tbody>
            {parts.map((part) => (
              <tr key={part.part}>
                <th scope="row">{t(`datasets.${part.part}`)}</th>
                <td className="number">{grouped(part.images)}</td>
                <td>{sizeWords(part.sizes)}</td>
                <td>{part.bits.join(', ')}</td>
                <td className="number">{part.classes.length > 0 ? percent(ignoredShare(part)) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
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
  return sizes.length > SIZES_SHOWN ? t('datasets.andOthers', { sizes: shown.join(', ') }) : shown.join(', ');
}

function ignoredShare({ classes, ignoredPixels }: Facts['parts'][number]): number {
  const total = classes.reduce((sum, { pixels }) => sum + pixels, ignoredPixels);
  return total === 0 ? 0 : ignoredPixels / total;
}

function duplicateWords({ groups, acrossSubsets, near }: Facts['duplicates']): string {
  const same =
    groups === 0 ? t('datasets.noDuplicates') : t('datasets.duplicates', { count: groups, across: acrossSubsets });
  return near === 0 ? t('datasets.sentence', { text: same }) : t('datasets.near', { same, count: near });
}
