import { Scroll } from '../components/scroll.js';
import { Swatch } from '../components/swatch.js';
import { percent } from '../format/format.js';
import { t } from '../messages/t.js';
import { useDarkPage } from '../theme/theme.js';
import { visible } from './colors.js';

export interface ClassShares {
  classIndex: number;
  name: string;
  color: string;
  /** In [0, 1]; null when no pixels were counted. */
  labelledShare: number | null;
  share: number | null;
  iou: number | null;
}

/** Minimum width of the table: half of a 1024 px page, which leaves 70 px for the bars. */
const LEAST_WIDTH_PX = 460;

/**
 * The share of each class in the labels (hollow bar) and in the pseudo-labels (solid bar). Bar lengths use the square
 * root of the share: next to a background of 90 %, it must still be visible that a class of 1 % is missing.
 */
export function ShareBars({ classes }: { classes: ClassShares[] }) {
  const dark = useDarkPage();
  const longest = Math.max(...classes.flatMap(({ labelledShare, share }) => [labelledShare ?? 0, share ?? 0]));
  const width = (share: number | null) => `${longest > 0 ? Math.sqrt((share ?? 0) / longest) * 100 : 0}%`;
  return (
    <Scroll>
      <table className="iou-bars share-bars" style={{ minWidth: LEAST_WIDTH_PX }}>
        <caption className="visually-hidden">{t('charts.sharesCaption')}</caption>
        <colgroup>
          <col style={{ width: 120 }} />
          <col />
          <col style={{ width: 100 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 52 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t('common.class')}</th>
            <th scope="col" title={t('charts.shareRootTitle')}>
              {t('charts.shareRoot')}
            </th>
            <th scope="col" className="number" title={t('charts.labelsTitle')}>
              <span className="pair-key pair-bar-hollow" /> {t('charts.labelsColumn')}
            </th>
            <th scope="col" className="number" title={t('charts.pseudoTitle')}>
              <span className="pair-key" /> {t('charts.pseudoColumn')}
            </th>
            <th scope="col" className="number" title={t('charts.pseudoIouTitle')}>
              {t('run.iou')}
            </th>
          </tr>
        </thead>
        <tbody>
          {classes.map(({ classIndex, name, color, labelledShare, share, iou }) => (
            <tr key={classIndex}>
              <th scope="row" title={name}>
                <Swatch color={color} /> {name}
              </th>
              <td aria-hidden="true">
                <span
                  className="pair-bar pair-bar-hollow"
                  style={{ width: width(labelledShare), borderColor: visible(color, dark) }}
                />
                <span className="pair-bar" style={{ width: width(share), background: color }} />
              </td>
              <td className="number soft">{percent(labelledShare)}</td>
              <td className="number">{percent(share)}</td>
              <td className="number">{percent(iou)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
