import type { DiffRunsQuery } from '../../../schema/generated/cli/graphql.js';
import { type Column, renderRows, share } from '../../output/columns.js';
import { csvLine } from '../../output/csv.js';

type Compared = DiffRunsQuery['compareClassIous'][number];

/** A score of each run, and its change from the first run; null where one of the two is missing. */
export interface ScoreRow {
  name: string;
  values: (number | null)[];
  /** Of the runs after the first. */
  changes: (number | null)[];
}

/** The differences between runs. Shares are in [0, 1]. */
export interface Differences {
  runs: { id: string; number: number; name: string; step: number | null }[];
  settings: { path: string; values: unknown[] }[];
  equalSettings: number;
  facts: { path: string; values: unknown[] }[];
  scores: ScoreRow[];
  /** The largest loss first. */
  classes: ScoreRow[];
}

const SCORES = [
  ['mIoU', 'meanIou'],
  ['pixel accuracy', 'pixelAccuracy'],
  ['frequency-weighted IoU', 'frequencyWeightedIou'],
] as const;

export function differencesOf({ compareConfigs, compareClassIous: compared }: DiffRunsQuery): Differences {
  const names = [...new Set(compared.flatMap(({ evaluation }) => evaluation?.classScores.classes ?? []))];
  const classes = names.map((name) =>
    scoreRow(
      name,
      compared.map((run) => iouOf(run, name)),
    ),
  );
  return {
    runs: compared.map(({ run, evaluation }) => ({ ...run, step: evaluation?.step ?? null })),
    ...compareConfigs,
    scores: SCORES.map(([name, field]) =>
      scoreRow(
        name,
        compared.map(({ evaluation }) => evaluation?.[field] ?? null),
      ),
    ),
    classes: classes.sort((a, b) => mostLost(a) - mostLost(b) || 0),
  };
}

/** As text, with columns for runs and for changes. */
export function describeDifferences(
  { runs, settings, equalSettings, facts, scores, classes }: Differences,
  what: string,
): string[] {
  const runColumns = (title: string): Column<{ path: string; values: unknown[] }>[] => [
    { title, of: ({ path }) => path },
    ...runs.map(({ number }, i) => ({
      title: `#${number}`,
      of: ({ values }: { values: unknown[] }) => written(values[i]),
    })),
  ];
  const numbers: Column<ScoreRow>[] = [
    ...runs.map(({ number }, i) => ({
      title: `#${number}`,
      of: ({ values }: ScoreRow) => share(values[i]),
      right: true,
    })),
    ...runs.slice(1).map(({ number }, i) => ({
      title: `#${number} − #${runs[0]!.number}`,
      of: ({ changes }: ScoreRow) => signed(changes[i]!),
      right: true,
    })),
  ];
  const scoreLines = (title: string, rows: readonly ScoreRow[]) =>
    renderRows([{ title, of: ({ name }: ScoreRow) => name }, ...numbers], rows);
  return [
    ...runs.map(
      ({ number, name, step }) => `#${number} "${name}", ${step === null ? 'not evaluated' : `step ${step}`}`,
    ),
    '',
    ...(settings.length > 0
      ? renderRows(runColumns(`setting (${equalSettings} are equal)`), settings)
      : ['all settings are equal']),
    ...(facts.length > 0 ? ['', ...renderRows(runColumns('found by the runner'), facts)] : []),
    '',
    `Scores of ${what}, in %`,
    ...scoreLines('score', scores),
    ...(classes.length > 0 ? ['', ...scoreLines('IoU of a class', classes)] : []),
  ];
}

/** One line for each difference, and a header. Lists and texts are JSON where they are not plain. */
export function differencesCsv({ runs, settings, facts, scores, classes }: Differences): string[] {
  const changes = runs.slice(1).map(({ number }) => `change ${number}`);
  const plain = (kind: string, rows: Differences['settings']) =>
    rows.map(({ path, values }) => csvLine([kind, path, ...values.map(cell), ...changes.map(() => null)]));
  const scored = (kind: string, rows: readonly ScoreRow[]) =>
    rows.map((row) => csvLine([kind, row.name, ...row.values, ...row.changes]));
  return [
    csvLine(['kind', 'name', ...runs.map(({ number }) => `run ${number}`), ...changes]),
    ...plain('setting', settings),
    ...plain('fact', facts),
    ...scored('score', scores),
    ...scored('iou', classes),
  ];
}

function iouOf({ evaluation }: Compared, name: string): number | null {
  const index = evaluation?.classScores.classes.indexOf(name) ?? -1;
  return index < 0 ? null : (evaluation!.classScores.ious[index] ?? null);
}

function scoreRow(name: string, values: (number | null)[]): ScoreRow {
  const [first = null, ...others] = values;
  return { name, values, changes: others.map((value) => (value === null || first === null ? null : value - first)) };
}

/** The largest loss of any run; classes that cannot be compared come last. */
function mostLost({ changes }: ScoreRow): number {
  return Math.min(Number.POSITIVE_INFINITY, ...changes.filter((change) => change !== null));
}

function signed(change: number | null): string {
  return change === null ? '–' : `${change > 0 ? '+' : ''}${(100 * change).toFixed(1)}`;
}

function written(value: unknown): string {
  return value === null || value === undefined ? '–' : String(cell(value));
}

function cell(value: unknown): string | number | boolean | null {
  const isPlain = value === null || ['string', 'number', 'boolean'].includes(typeof value);
  return isPlain ? (value as string | number | boolean | null) : JSON.stringify(value);
}
