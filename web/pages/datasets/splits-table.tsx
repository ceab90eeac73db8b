import { ratioLabel } from '../../../schema/split-config.js';
import { Swatch } from '../../components/swatch.js';
import { grouped } from '../../format/format.js';
import type { Dataset, Facts } from './dataset.js';

/** In how many labelled images of the usual splits each class occurs. */
export function SplitsTable({ dataset: { classes }, facts: { splits } }: { dataset: Dataset; facts: Facts }) {
  return (
    <>
      <div className="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Labelled images with the class</th>
              {splits.map(({ labelledRatio, labelledImages }) => (
                <th scope="col" className="number" key={labelledRatio}>
                  {ratioLabel(labelledRatio)} ({grouped(labelledImages)})
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {classes.map(({ index, name, color }) => (
              <tr key={index}>
                <th scope="row">
                  <Swatch color={color} /> {name}
                </th>
                {splits.map((split) => {
                  const { images } = split.classes[index]!;
                  return (
                    <td className={`number${images === 0 ? ' missing' : ''}`} key={split.labelledRatio}>
                      {images === 0 ? 'none' : grouped(images)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="soft small">
        As drawn with the seed 0. A class that a split lacks is not learned; <code>"cover": true</code> in the split
        draws so that every class occurs.
      </p>
    </>
  );
}
