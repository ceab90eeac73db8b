import { Swatch } from '../components/swatch.js';
import { percent } from '../format/format.js';
import { visible } from './colors.js';
import { useDarkPage } from './use-dark-page.js';

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
    <div className="scroll">
      <table className="iou-bars share-bars" style={{ minWidth: LEAST_WIDTH_PX }}>
        <caption className="visually-hidden">Share of each class and IoU of its pseudo-labels, in percent</caption>
        <colgroup>
          <col style={{ width: 120 }} />
          <col />
          <col style={{ width: 100 }} />
          <col style={{ width: 100 }} />
          <col style={{ width: 52 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Class</th>
            <th scope="col" title="Bar lengths use the square root of the share">
              Share, √
            </th>
            <th scope="col" className="number" title="Hollow bars: share of the labelled images' pixels">
              <span className="pair-key pair-bar-hollow" /> Labels, %
            </th>
            <th scope="col" className="number" title="Solid bars: share of the pixels that have a pseudo-label">
              <span className="pair-key" /> Pseudo, %
            </th>
            <th
              scope="col"
              className="number"
              title="IoU of the pseudo-labels with the hidden ground truth, in percent"
            >
              IoU
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
    </div>
  );
}
