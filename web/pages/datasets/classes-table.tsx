import { Scroll } from '../../components/scroll.js';
import { Swatch } from '../../components/swatch.js';
import { grouped, percent } from '../../format/format.js';
import { t } from '../../messages/t.js';
import type { Dataset, Facts } from './dataset.js';

type PartClass = Facts['parts'][number]['classes'][number];

/** How much of each class each part holds. */
export function ClassesTable({ dataset: { classes, facts } }: { dataset: Dataset }) {
  const parts = facts?.parts.filter((part) => part.classes.length > 0) ?? [];
  return (
    <Scroll>
      <table className="dataset-classes">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              {t('common.class')}
            </th>
            {parts.map(({ part }) => (
              <th scope="colgroup" colSpan={3} key={part} className="part">
                {t(`datasets.${part}`)}
              </th>
            ))}
          </tr>
          <tr>
            {parts.flatMap(({ part }) => [
              <th scope="col" className="number" key={`${part} pixels`} title={t('datasets.pixelsTitle')}>
                {t('datasets.pixels')}
              </th>,
              <th scope="col" className="number" key={`${part} images`} title={t('datasets.imagesTitle')}>
                {t('datasets.images')}
              </th>,
              <th scope="col" className="number" key={`${part} components`} title={t('datasets.componentsTitle')}>
                {t('datasets.components')}
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          {classes.map(({ index, name, color }) => (
            <tr key={index}>
              <th scope="row">
                <Swatch color={color} /> {name}
              </th>
              {parts.flatMap((part) => cells(part.part, part.classes[index]!, pixelsOf(part.classes)))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function cells(part: string, { pixels, images, components }: PartClass, total: number) {
  const missing = images === 0 ? ' missing' : '';
  return [
    <td className={`number${missing}`} key={`${part} pixels`} title={t('datasets.pixelCount', { count: pixels })}>
      {images === 0 ? t('common.none') : percent(pixels / total)}
    </td>,
    <td className={`number${missing}`} key={`${part} images`}>
      {grouped(images)}
    </td>,
    <td
      className="number"
      key={`${part} components`}
      title={
        components
          ? t('datasets.componentRange', { smallest: components.smallest, largest: components.largest })
          : undefined
      }
    >
      {components ? t('datasets.componentCount', { count: components.count, median: components.median }) : '–'}
    </td>,
  ];
}

function pixelsOf(classes: readonly PartClass[]): number {
  return classes.reduce((sum, { pixels }) => sum + pixels, 0);
}
