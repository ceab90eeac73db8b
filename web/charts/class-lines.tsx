import { useMemo } from 'react';
import { percent } from '../format/format.js';
import { useDarkPage } from '../theme/theme.js';
import { visible } from './colors.js';
import type { ClassInfo } from './iou-bars.js';
import { LineChart } from './line-chart.js';

/** A share of each class at one step; null and missing values are gaps. */
export interface ClassValues {
  step: number;
  /** By class index. */
  values: (number | null | undefined)[];
}

interface Props {
  title: string;
  classes: ClassInfo[];
  /** Ascending. */
  history: ClassValues[];
}

/** One line per class, in the class colour, over steps. Values in [0, 1] are shown as percentages. */
export function ClassLines({ title, classes, history }: Props) {
  const dark = useDarkPage();
  const lines = useMemo(
    () =>
      classes.map(({ index, name, color }) => {
        const known = history.flatMap(({ step, values }) => {
          const value = values[index];
          return value === null || value === undefined ? [] : [{ step, value }];
        });
        return {
          name: String(index),
          label: name,
          color: visible(color, dark),
          steps: known.map(({ step }) => step),
          values: known.map(({ value }) => value),
        };
      }),
    [history, classes, dark],
  );
  return <LineChart title={title} lines={lines} height={300} format={percent} group="run" />;
}
