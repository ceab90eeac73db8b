import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { short } from '../format/format.js';
import { t } from '../messages/t.js';
import { useDarkPage } from '../theme/theme.js';
import { type History, smooth } from './history.js';

export interface Line extends History {
  label: string;
  color: string;
  dashed?: boolean;
}

interface Props {
  title: string;
  lines: Line[];
  /** Height of the drawing in CSS pixels. */
  height?: number;
  logarithmic?: boolean;
  /** Weight of the past in [0, 1); 0 draws the values unchanged. */
  smoothing?: number;
  format?: (value: number) => string;
  /** Charts in the same group share a cursor. */
  group?: string;
}

/**
 * Lines over training steps. The legend is a list of toggle buttons with the values at the cursor, or else the newest
 * values. On the keyboard, ← and → move the cursor from point to point.
 */
export function LineChart({ title, lines, height = 190, logarithmic, smoothing = 0, format = short, group }: Props) {
  const titleId = useId();
  const dark = useDarkPage();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);

  const shown = useMemo(() => lines.filter(({ name }) => !hidden.has(name)), [lines, hidden]);
  const data = useMemo(() => aligned(shown, smoothing, logarithmic), [shown, smoothing, logarithmic]);
  const look = shown.map(({ name, color, dashed }) => `${name} ${color} ${dashed}`).join('|');
  const newest = useRef({ data, shown, format });
  newest.current = { data, shown, format };

  // biome-ignore lint/correctness/useExhaustiveDependencies: `look` represents the lines; setData updates their points
  useEffect(() => {
    if (!place.current) return;
    const { shown, data } = newest.current;
    const options = chartOptions(shown, smoothing > 0, logarithmic ?? false, group, (value) =>
      newest.current.format(value),
    );
    const chart = new uPlot(
      {
        ...options,
        width: place.current.clientWidth,
        height,
        hooks: { setCursor: [(u) => setCursor(u.cursor.idx ?? null)] },
      },
      data,
      place.current,
    );
    plot.current = chart;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) chart.setSize({ width: entry.contentRect.width, height });
    });
    observer.observe(place.current);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [look, smoothing > 0, logarithmic, group, height, dark]);

  useEffect(() => {
    plot.current?.setData(data);
  }, [data]);

  const steps = data[0];
  const at = cursor !== null && cursor < steps.length ? steps[cursor]! : null;
  const move = (event: KeyboardEvent) => {
    const chart = plot.current;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!chart || by === undefined || steps.length === 0) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(steps.length - 1, (chart.cursor.idx ?? steps.length) + by));
    chart.setCursor({ left: chart.valToPos(steps[index]!, 'x'), top: 0 });
  };

  return (
    <figure className="chart">
      <figcaption>
        <span id={titleId} className="chart-title">
          {title}
        </span>
        <span className="chart-step num">{at === null ? '' : t('common.atStep', { step: at })}</span>
      </figcaption>
      <div
        ref={place}
        className="chart-plot"
        role="slider"
        tabIndex={0}
        aria-labelledby={titleId}
        aria-description={spoken(lines, format)}
        aria-valuemin={steps[0] ?? 0}
        aria-valuemax={steps.at(-1) ?? 0}
        aria-valuenow={at ?? steps.at(-1) ?? 0}
        aria-valuetext={shown.map((line) => `${line.label} ${valueAt(line, at, format)}`).join(', ')}
        onKeyDown={move}
      />
      <ul className="chart-legend">
        {lines.map((line) => (
          <li key={line.name}>
            <button
              type="button"
              aria-pressed={!hidden.has(line.name)}
              onClick={() => setHidden((before) => toggled(before, line.name))}
            >
              <span className={line.dashed ? 'key dashed' : 'key'} style={{ color: line.color }} />
              {line.label} <b className="num">{valueAt(line, at, format)}</b>
            </button>
          </li>
        ))}
      </ul>
    </figure>
  );
}

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const changed = new Set(names);
  if (!changed.delete(name)) changed.add(name);
  return changed;
}

/** The columns for uPlot: the union of all steps, then each line's values and, if smoothed, its smoothed values. */
function aligned(lines: Line[], smoothing: number, logarithmic = false): uPlot.AlignedData {
  // A logarithmic axis cannot show zero, and no axis can show NaN: such a point is a gap in the line.
  const drawable = (value: number) => (Number.isFinite(value) && (!logarithmic || value > 0) ? value : null);
  const tables = lines.map(({ steps, values }): uPlot.AlignedData => {
    const columns = smoothing > 0 ? [values, smooth(values, smoothing)] : [values];
    return [steps, ...columns.map((column) => column.map(drawable))];
  });
  return tables.length > 0 ? uPlot.join(tables) : [[]];
}

function chartOptions(
  lines: Line[],
  smoothed: boolean,
  logarithmic: boolean,
  group: string | undefined,
  format: (value: number) => string,
): Omit<uPlot.Options, 'width' | 'height'> {
  const style = getComputedStyle(document.documentElement);
  const ink = style.getPropertyValue('--ink-soft').trim();
  const grid = { stroke: style.getPropertyValue('--line').trim(), width: 1 };
  const font = `11px ${style.getPropertyValue('--font').trim()}`;
  const axis = { stroke: ink, grid, ticks: { show: false }, font, gap: 6 };
  const stroke = ({ color, dashed }: Line) => ({ stroke: color, spanGaps: true, ...(dashed && { dash: [5, 4] }) });
  return {
    legend: { show: false },
    padding: [8, 22, 0, 0],
    cursor: {
      y: false,
      drag: { x: true, y: false, dist: 6 },
      points: { size: 6 },
      ...(group && { sync: { key: group, scales: ['x', null] as [string, null] } }),
    },
    scales: { x: { time: false }, y: logarithmic ? { distr: 3 } : {} },
    axes: [
      { ...axis, size: 26, space: 60 },
      { ...axis, size: 52, space: 28, values: (_, ticks) => ticks.map((tick) => (tick === null ? '' : format(tick))) },
    ],
    series: [
      {},
      ...lines.flatMap((line): uPlot.Series[] => {
        const one = { ...stroke(line), width: 1.75, points: { show: line.steps.length < 30, size: 4 } };
        if (!smoothed) return [one];
        return [
          { ...stroke(line), width: 1, alpha: 0.25, points: { show: false } },
          { ...one, points: { show: false } },
        ];
      }),
    ],
  };
}

/** The line's value at a step, or else the last one before it. Without a step, the newest value. */
function valueAt({ steps, values }: Line, step: number | null, format: (value: number) => string): string {
  const index = step === null ? steps.length - 1 : steps.findLastIndex((each) => each <= step);
  const value = values[index];
  return value === undefined ? '–' : format(value);
}

/** A description of the chart for screen readers. */
function spoken(lines: Line[], format: (value: number) => string): string {
  return lines
    .map((line) => {
      const { label, steps, values } = line;
      if (steps.length === 0) return t('charts.noPoints', { label });
      const [first, last] = [format(values[0]!), format(values.at(-1)!)];
      return t('charts.spoken', { label, first, firstStep: steps[0], last, lastStep: steps.at(-1) });
    })
    .join('; ');
}
