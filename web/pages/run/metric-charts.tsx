import { useMemo, useState } from 'react';
import type { RunState } from '../../../schema/generated/web/graphql.js';
import { lineColor } from '../../charts/colors.js';
import { groupByChart, type History, seriesLabel } from '../../charts/history.js';
import { type Line, LineChart } from '../../charts/line-chart.js';
import { Empty, Loading } from '../../components/notice.js';
import { percent, short } from '../../format/format.js';
import { waitingWords } from '../../format/waiting-words.js';
import type { MessageId } from '../../messages/language.js';
import { t } from '../../messages/t.js';

/** A map, because a series may have any name, also that of a property which every object has. */
const TITLES = new Map<string, MessageId>([
  ['loss', 'run.chartLoss'],
  ['miou', 'run.chartMiou'],
  ['lr', 'run.chartLr'],
  ['images_per_second', 'run.chartImages'],
  ['agreement', 'run.chartAgreement'],
  ['confident', 'run.chartConfident'],
  ['gradient_norm', 'run.chartGradient'],
  ['data_wait', 'run.chartWait'],
]);
const ORDER = [...TITLES.keys()];
const SHARES = new Set(['miou', 'agreement', 'confident', 'data_wait']);

/** Every metric of the run, one chart per quantity, the most important first. */
export function MetricCharts({ histories, state }: { histories: History[] | null; state: RunState }) {
  const [smoothing, setSmoothing] = useState(0);
  const [logarithmic, setLogarithmic] = useState(false);
  const charts = useMemo(() => [...groupByChart(histories ?? [])].sort(byImportance), [histories]);
  const bad = histories?.find(({ values }) => values.some((value) => !Number.isFinite(value)));
  return (
    <section aria-labelledby="metrics-title">
      <div className="section-head">
        <h2 id="metrics-title">{t('run.metrics')}</h2>
        {charts.length > 0 && (
          <>
            <label className="slider">
              {t('run.smoothing')}
              <input
                type="range"
                min="0"
                max="0.98"
                step="0.02"
                value={smoothing}
                onChange={(event) => setSmoothing(Number(event.target.value))}
              />
              <output className="num">{smoothing.toFixed(2)}</output>
            </label>
            <label className="check">
              <input type="checkbox" checked={logarithmic} onChange={(event) => setLogarithmic(event.target.checked)} />
              {t('run.logarithmic')}
            </label>
          </>
        )}
      </div>
      {bad && (
        <p className="notice">{t('run.notFinite', { series: seriesLabel(bad.name), step: firstBadStep(bad) })}</p>
      )}
      {histories === null && <Loading />}
      {histories !== null && charts.length === 0 && <Empty title={waitingWords(state, 'points')} />}
      <div className="chart-grid">
        {charts.map(([name, group]) => (
          <LineChart
            key={name}
            title={titleOf(name)}
            lines={toLines(group)}
            height={name === 'loss' || name === 'miou' ? 240 : 150}
            smoothing={name === 'miou' ? 0 : smoothing}
            logarithmic={logarithmic && name === 'loss'}
            format={SHARES.has(name) ? percent : short}
            group="run"
          />
        ))}
      </div>
    </section>
  );
}

function titleOf(chart: string): string {
  const title = TITLES.get(chart);
  return title ? t(title) : chart.replaceAll('_', ' ');
}

function byImportance([a]: [string, History[]], [b]: [string, History[]]): number {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return rank(a) - rank(b) || a.localeCompare(b);
}

/** One colour per part of the loss, dashed for network 2; in other charts, one colour per line. */
function toLines(group: History[]): Line[] {
  const quantities = [...new Set(group.map(({ name }) => name.split('/')[0]))];
  return group.map((history, index) => {
    const [quantity, network] = history.name.split('/');
    const dashed = quantities.length > 1 && network === 'branch2';
    const color = lineColor(quantities.length > 1 ? quantities.indexOf(quantity) : index);
    return { ...history, label: seriesLabel(history.name), color, dashed };
  });
}

function firstBadStep({ steps, values }: History): number {
  return steps[values.findIndex((value) => !Number.isFinite(value))]!;
}
