import { canonical } from '../../schema/canonical.js';
import { rareMeanIou } from '../../schema/rare-classes.js';
import { METHOD_LABELS, splitLabel } from '../../schema/run-config.js';
import { methodLabels, otherDifferences, withVariant } from '../../schema/run-labels.js';
import { compareSplits, unlabelledListOf } from '../../schema/split-config.js';
import { summaryOf } from '../../schema/statistics/summary.js';
import type { Dataset } from '../datasets/dataset.entity.js';
import { Predictor, type Subset } from '../evaluations/evaluation.entity.js';
import type { RareClasses } from '../rare-classes/rare-classes.service.js';
import { countedOf, mostImages } from './cells.js';
import type { ComparedRun, Settings } from './compared-run.js';
import type { Statistic, StudyRow, StudyTable } from './study-table.types.js';
import type { StudyVariants } from './study-variants.js';

/** What the table reads of a run besides its mIoU. */
type Scores =
  | [
      pixels: number,
      frequencyWeightedIou: number | null,
      pixelAccuracy: number | null,
      ious: (number | null)[] | null,
      recalls: (number | null)[] | null,
    ]
  | null;

/** The expression of SQL for it. */
export const scoresSql = (subset: Subset): string => `(
  SELECT json_build_array(evaluation.pixels, evaluation.frequency_weighted_iou, scores.newest_pixel_accuracy, scores.newest_ious,
    scores.newest_recalls)
  FROM run_scores scores JOIN evaluations evaluation ON evaluation.run_id = scores.run_id
    AND evaluation.subset = scores.subset AND evaluation.network = scores.network AND evaluation.step = scores.newest_step
  WHERE scores.run_id = run.id AND scores.subset = '${subset}' AND scores.network = '${Predictor.BRANCH1}')`;

/** Runs that differ only in their seed. */
interface TableRow {
  runs: ComparedRun[];
  dataset: Dataset;
  variant: string | null;
  methodLabel: string;
  settingsLabel: string;
}

const METHODS = Object.keys(METHOD_LABELS);

/** Groups runs that differ only in their seed. Runs with different splits or settings are never averaged. */
export function studyTable(
  subset: Subset,
  runs: readonly ComparedRun[],
  datasets: ReadonlyMap<string, Dataset>,
  rareClasses: RareClasses,
  variants: StudyVariants,
): StudyTable {
  // An evaluation of the first images has fewer pixels than one of all.
  for (const run of runs) run.images = (run.found[0] as Scores)?.[0] ?? 0;
  const settings = [...new Set(runs.map((run) => run.settings))];
  const configs = settings.map((each) => variants.withoutChanges({ settings: each }));
  const [methods, others] = [methodLabels(configs), otherDifferences(configs)];
  const labels = new Map(
    settings.map((each, i) => {
      const variant = variants.of({ settings: each });
      return [each, { variant, methodLabel: withVariant(methods[i]!, variant), settingsLabel: others[i]! }];
    }),
  );
  const alike = new Map(settings.map((each) => [each, keyOf(each, labels.get(each)!)]));
  const rows = new Map<string, TableRow>();
  for (const run of runs) {
    // The hash covers only the labelled images, and does not exist until a runner has drawn them.
    const key = `${run.datasetId} ${run.split} ${alike.get(run.settings)}`;
    const row = rows.get(key) ?? { runs: [], dataset: datasets.get(run.datasetId)!, ...labels.get(run.settings)! };
    row.runs.push(run);
    rows.set(key, row);
  }
  const ordered = [...rows.values()].sort(byPlace(variants.names));
  const shown = ordered[0]?.dataset;
  const whole = mostImages(runs);
  const rare = (shown && rareClasses.get(shown.id)) ?? [];
  return {
    subset,
    classes: shown?.classes ?? [],
    rareClasses: rare.map((index) => shown!.classes[index]!),
    rows: ordered.map((row) => rowOf(row, { dataset: shown!, rare }, whole)),
  };
}

function keyOf({ config: { method, split, network } }: Settings, labels: Pick<TableRow, 'variant' | 'settingsLabel'>) {
  const { variant, settingsLabel } = labels;
  return canonical([method, splitLabel(split), unlabelledListOf(split), network.backbone, variant, settingsLabel]);
}

/** @param shown the dataset whose classes the table has, and its rare classes */
function rowOf(
  { runs, dataset, ...labels }: TableRow,
  shown: { dataset: Dataset; rare: readonly number[] },
  whole: ReadonlyMap<string, number>,
): StudyRow {
  const { config } = runs[0]!.settings;
  const { counted, completed } = countedOf(runs, whole);
  const statistic = (score: (scores: NonNullable<Scores>) => number | null | undefined): Statistic | null =>
    statisticOf(counted.map(({ found }) => (found[0] ? score(found[0] as NonNullable<Scores>) : null)));
  const isShown = dataset.id === shown.dataset.id;
  const classes = isShown ? dataset.classes : [];
  const rare = isShown ? shown.rare : [];
  return {
    dataset: dataset.name,
    method: config.method.name,
    ...labels,
    splitLabel: splitLabel(config.split),
    backbone: config.network.backbone,
    splitHash: runs[0]!.splitHash,
    unlabelledList: unlabelledListOf(config.split),
    runIds: runs.map(({ id }) => id),
    n: counted.length,
    completed,
    meanIou: statisticOf(counted.map(({ value }) => value)),
    rareMeanIou: statistic(([, , , ious, recalls]) => ious && recalls && rareMeanIou(rare, ious, recalls)),
    pixelAccuracy: statistic(([, , pixelAccuracy]) => pixelAccuracy),
    frequencyWeightedIou: statistic(([, frequencyWeightedIou]) => frequencyWeightedIou),
    classIous: classes.map((_, index) => statistic(([, , , ious]) => ious?.[index])),
  };
}

/** Of the values that are known; null if none is. */
function statisticOf(values: readonly (number | null | undefined)[]): Statistic | null {
  const summary = summaryOf(values.filter((value) => value !== null && value !== undefined));
  return summary && { mean: summary.mean, std: summary.std, n: summary.n };
}

/**
 * By dataset, then by method in the order of METHOD_LABELS, then by split, then by variant in their order, after the base. The rest
 * only makes the order unambiguous.
 */
function byPlace(variants: readonly string[]): (a: TableRow, b: TableRow) => number {
  const byText = (one: string, other: string) => one.localeCompare(other, 'en', { numeric: true });
  const place = ({ variant }: TableRow) => (variant === null ? -1 : variants.indexOf(variant));
  return (a, b) => {
    const [one, other] = [a.runs[0]!, b.runs[0]!];
    const [own, others] = [one.settings.config, other.settings.config];
    return (
      a.dataset.name.localeCompare(b.dataset.name) ||
      METHODS.indexOf(own.method.name) - METHODS.indexOf(others.method.name) ||
      compareSplits(own.split, others.split) ||
      own.network.backbone.localeCompare(others.network.backbone) ||
      place(a) - place(b) ||
      (one.splitHash ?? '').localeCompare(other.splitHash ?? '') ||
      byText(JSON.stringify(own.method), JSON.stringify(others.method)) ||
      byText(a.settingsLabel, b.settingsLabel)
    );
  };
}
