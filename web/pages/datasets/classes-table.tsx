import { Swatch } from '../../components/swatch.js';
import { grouped, percent } from '../../format/format.js';
import type { Dataset, Facts } from './dataset.js';
import { PART_NAMES } from './part-names.js';

type PartClass = Facts['parts'][number]['classes'][number];

/** How much of each class each part holds. */
export function ClassesTable({ dataset: { classes, facts } }: { dataset: Dataset }) {
  const parts = facts?.parts.filter((part) => part.classes.length > 0) ?? [];
  return (
    <div className="scroll">
      <table className="dataset-classes">
        <thead>
          <tr>
            <th scope="col" rowSpan={2}>
              Class
            </th>
            {parts.map(({ part }) => (
              <th scope="colgroup" colSpan={3} key={part} className="part">
                {PART_NAMES[part]}
              </th>
            ))}
          </tr>
          <tr>
            {parts.flatMap(({ part }) => [
              <th scope="col" className="number" key={`${part} pixels`} title="Share of the pixels that have a class">
                Pixels, %
              </th>,
              <th scope="col" className="number" key={`${part} images`} title="Images that have a pixel of the class">
                Images
              </th>,
              <th
                scope="col"
                className="number"
                key={`${part} components`}
                title="Connected components, and the median of their pixels"
              >
                Components (median)
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
    </div>
  );
}

function cells(part: string, { pixels, images, components }: PartClass, total: number) {
  const missing = images === 0 ? ' missing' : '';
  return [
    <td className={`number${missing}`} key={`${part} pixels`} title={`${grouped(pixels)} pixels`}>
      {images === 0 ? 'none' : percent(pixels / total)}
    </td>,
    <td className={`number${missing}`} key={`${part} images`}>
      {grouped(images)}
    </td>,
    <td
      className="number"
      key={`${part} components`}
      title={components ? `${grouped(components.smallest)} to ${grouped(components.largest)} pixels` : undefined}
    >
      {components ? `${grouped(components.count)} (${grouped(components.median)} px)` : '–'}
    </td>,
  ];
}

function pixelsOf(classes: readonly PartClass[]): number {
  return classes.reduce((sum, { pixels }) => sum + pixels, 0);
}
