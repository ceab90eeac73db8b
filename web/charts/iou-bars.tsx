import { Scroll } from '../components/scroll.js';
import { Swatch } from '../components/swatch.js';
import { percent } from '../format/format.js';
import type { MessageId } from '../messages/language.js';
import { t } from '../messages/t.js';

export interface IouColumn {
  key: string;
  label: string;
  /** By class index; null where the class does not occur. */
  ious: (number | null)[];
  /** Null when there is no evaluation. */
  scores: Scores | null;
}

/** Shares in [0, 1]. */
export interface Scores {
  meanIou: number | null;
  pixelAccuracy: number | null;
  frequencyWeightedIou: number | null;
}

const SCORES = [
  ['meanIou', 'charts.meanIou', 'charts.meanIouTitle'],
  ['pixelAccuracy', 'charts.pixelAccuracy', 'charts.pixelAccuracyTitle'],
  ['frequencyWeightedIou', 'charts.weightedIou', 'charts.weightedIouTitle'],
] as const satisfies [keyof Scores, MessageId, MessageId][];

export interface ClassInfo {
  index: number;
  name: string;
  color: string;
}

const CLASS_COLUMN_PX = 140;
const LEAST_COLUMN_PX = 110;

interface Props {
  caption: string;
  classes: ClassInfo[];
  columns: IouColumn[];
}

/** An evaluation's IoUs by class index. */
export function iousOf({ classIous }: { classIous: { classIndex: number; iou: number | null }[] }): (number | null)[] {
  const ious: (number | null)[] = [];
  for (const { classIndex, iou } of classIous) ious[classIndex] = iou;
  return ious;
}

/**
 * Per-class IoU as a table of bars: one row per class, one column per network or run. The first rows are the scores
 * over all classes. The best value of a row is bold.
 */
export function IouBars({ caption, classes, columns }: Props) {
  return (
    <Scroll>
      <table className="iou-bars" style={{ minWidth: CLASS_COLUMN_PX + columns.length * LEAST_COLUMN_PX }}>
        <caption className="visually-hidden">{caption}</caption>
        <colgroup>
          <col style={{ width: CLASS_COLUMN_PX }} />
          <col span={columns.length} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">{t('common.class')}</th>
            {columns.map(({ key, label }) => (
              <th scope="col" key={key} title={label}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {SCORES.map(([score, label, title]) => (
            <tr key={score} className={score === 'meanIou' ? 'mean' : 'score'}>
              <th scope="row" title={t(title)}>
                {t(label)}
              </th>
              <Cells
                columns={columns}
                values={columns.map(({ scores }) => scores?.[score] ?? null)}
                color="var(--accent)"
              />
            </tr>
          ))}
          {classes.map(({ index, name, color }) => (
            <tr key={index}>
              <th scope="row" title={name}>
                <Swatch color={color} /> {name}
              </th>
              <Cells columns={columns} values={columns.map(({ ious }) => ious[index] ?? null)} color={color} />
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Cells({ columns, values, color }: { columns: IouColumn[]; values: (number | null)[]; color: string }) {
  const best = Math.max(...values.map((value) => value ?? 0));
  return columns.map(({ key }, index) => {
    const value = values[index] ?? null;
    return (
      <td key={key} className={columns.length > 1 && best > 0 && value === best ? 'best' : undefined}>
        <span className="bar">
          <span className="bar-fill" style={{ width: `${(value ?? 0) * 100}%`, background: color }} />
        </span>
        <span className="num bar-value">{percent(value)}</span>
      </td>
    );
  });
}
