import { ratioLabel } from '../../../schema/split-config.js';
import { Scroll } from '../../components/scroll.js';
import { Swatch } from '../../components/swatch.js';
import { grouped } from '../../format/format.js';
import { t } from '../../messages/t.js';
import { Text } from '../../messages/text.js';
import type { Dataset, Facts } from './dataset.js';

/** In how many labelled images of the usual splits each class occurs. */
export function SplitsTable({ dataset: { classes }, facts: { splits } }: { dataset: Dataset; facts: Facts }) {
  return (
    <>
      <Scroll>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('datasets.splitsColumn')}</th>
              {splits.map(({ labelledRatio, labelledImages }) => (
                <th scope="col" className="number" key={labelledRatio}>
                  {t('datasets.splitColumn', { ratio: ratioLabel(labelledRatio), images: labelledImages })}
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
                      {images === 0 ? t('common.none') : grouped(images)}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p className="soft small">
        <Text id="datasets.splitsNote" values={{ code: (text) => <code>{text}</code> }} />
      </p>
    </>
  );
}
