import { createHash } from 'node:crypto';
import type { Dump, DumpRow } from './dump.js';

/** The content of a database, as far as the API returns it, with the names that the version of the dumps used. */
export interface Content {
  studies: DumpRow[];
  datasets: DumpRow[];
  runners: DumpRow[];
  runs: DumpRow[];
  attempts: DumpRow[];
  /** For each run and series, the number of points and a hash of their steps and values. */
  points: Record<string, string>;
  evaluations: DumpRow[];
  pseudoLabels: DumpRow[];
  alarms: DumpRow[];
  /** One entry per prediction, with its image. Files are compared by the SHA-256 of their bytes. */
  samples: DumpRow[];
  log: DumpRow[];
}

/** The content of the dump. */
export function contentOf(dump: Dump): Content {
  const rows = (table: string, ...names: string[]) => alike(dump.rows(table).map((row) => picked(row, names)));
  return {
    studies: rows('studies', 'id', 'name', 'description', 'createdAt'),
    datasets: rows(
      ...['datasets', 'id', 'name', 'kind', 'classes', 'ignoreIndex', 'fingerprint'],
      ...['trainImages', 'unlabelledImages', 'valImages', 'testImages'],
    ),
    runners: alike(dump.rows('runners').map((runner) => runnerOf(dump, runner))),
    runs: rows(
      ...['runs', 'id', 'number', 'name', 'state', 'studyId', 'datasetId', 'config', 'method', 'backbone', 'seed'],
      ...['tags', 'priority', 'pool', 'step', 'iterations', 'splitHash', 'setup', 'failure'],
      ...['createdAt', 'startedAt', 'finishedAt'],
    ),
    attempts: rows('attempts', 'id', 'runId', 'runnerId', 'fence', 'state', 'message', 'startedAt', 'finishedAt'),
    points: pointsOf(dump),
    evaluations: alike(dump.rows('evaluations').map((evaluation) => evaluationOf(dump, evaluation))),
    pseudoLabels: alike(dump.rows('pseudo_labels').map(pseudoLabelsOf)),
    alarms: rows('alarms', 'id', 'runId', 'step', 'kind', 'network', 'classIndex', 'message', 'createdAt'),
    samples: samplesOf(dump),
    log: rows('log_lines', 'id', 'runId', 'fence', 'level', 'message', 'at'),
  };
}

/** The columns that tell two rows of the same kind apart. */
const KEY = ['id', 'runId', 'step', 'network', 'imageId'];

/** Makes rows of the dump and of the API comparable: times in milliseconds, ids as text, and a fixed order. */
export function alike(rows: DumpRow[]): DumpRow[] {
  return rows
    .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, comparable(name, value)])))
    .map((row) => ({ row, key: JSON.stringify(KEY.map((name) => row[name])) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ row }) => row);
}

/** A digest that is equal only for equal points. Steps must be ascending. */
export function digestOf(steps: readonly number[], values: readonly (number | string)[]): string {
  const hash = createHash('sha256');
  for (const [i, step] of steps.entries()) hash.update(`${step} ${Number(values[i])}\n`);
  return `${steps.length} points ${hash.digest('hex')}`;
}

function comparable(name: string, value: unknown): unknown {
  if (name === 'id') return String(value);
  if (/^at$|At$/.test(name) && value !== null) return new Date(value as string).getTime();
  return value;
}

/** The columns with these names in the API. */
function picked(row: DumpRow, names: readonly string[]): DumpRow {
  return Object.fromEntries(names.map((name) => [name, row[name.replace(/[A-Z]/g, (at) => `_${at.toLowerCase()}`)]]));
}

function runnerOf(dump: Dump, runner: DumpRow): DumpRow {
  const held = dump.rows('runner_datasets').filter(({ runner_id }) => runner_id === runner.id);
  return {
    ...picked(runner, ['id', 'name', 'host', 'engine', 'device', 'version', 'pool', 'slots', 'createdAt']),
    datasetIds: held.map(({ dataset_id }) => dataset_id).sort(),
  };
}

function pointsOf(dump: Dump): Record<string, string> {
  const digests = dump.rows('series').map(({ id, run_id, name }) => {
    const points = dump.rows('points').filter(({ series_id }) => series_id === id);
    points.sort((a, b) => a.step - b.step);
    const column = (key: string) => points.map((point) => point[key]);
    return [`${run_id} ${name}`, digestOf(column('step'), column('value'))];
  });
  return Object.fromEntries(digests);
}

function evaluationOf(dump: Dump, evaluation: DumpRow): DumpRow {
  const scores = ['meanIou', 'pixelAccuracy', 'frequencyWeightedIou'];
  const classes = dump.rows('class_ious').filter(({ evaluation_id }) => evaluation_id === evaluation.id);
  return {
    ...picked(evaluation, ['id', 'runId', 'step', 'network', 'subset', 'confusion', ...scores, 'createdAt']),
    classIous: classes.sort((a, b) => a.class_index - b.class_index).map(({ iou }) => iou),
  };
}

function pseudoLabelsOf(row: DumpRow): DumpRow {
  const given = sum(row.pseudo_pixels);
  return {
    ...picked(row, ['runId', 'network', 'step', 'meanIou']),
    classIous: row.class_ious ?? row.pseudo_pixels.map(() => null),
    shares: shares(row.pseudo_pixels),
    labelledShares: shares(row.labelled_pixels),
    coverage: given / (given + row.undecided_pixels),
  };
}

function samplesOf(dump: Dump): DumpRow[] {
  const predictions = dump.rows('samples').map((sample) => {
    const image = dump
      .rows('sample_images')
      .find(({ run_id, image_id }) => run_id === sample.run_id && image_id === sample.image_id)!;
    return {
      ...picked(sample, ['runId', 'step', 'imageId', 'network']),
      ...picked(image, ['width', 'height']),
      prediction: sample.sha256,
      input: image.input_sha256,
      groundTruth: image.ground_truth_sha256,
    };
  });
  return alike(predictions);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}

function shares(counts: readonly number[]): (number | null)[] {
  const total = sum(counts);
  return counts.map((count) => (total > 0 ? count / total : null));
}
