import { describe, expect, it } from 'vitest';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Predictor, Subset } from '../evaluations/evaluation.entity.js';
import { EvaluationsRepository } from '../evaluations/evaluations.repository.js';
import { EvaluationsService } from '../evaluations/evaluations.service.js';
import { type Run, RunState } from '../runs/run.entity.js';
import { RunPhase } from '../runs/run-phase.js';
import { recordImages } from '../testing/image-fixtures.js';
import { confusionOf, insertAttempt, insertDataset, insertRun, insertRunner } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { undoMigration } from '../testing/undo-migration.js';
import { inTransaction } from './transaction.js';

const { dataSource } = testDatabase();
const undo = (name: string) => undoMigration(dataSource, name);

/** What runs have stored, and where they wait. migrations.spec.ts has the earlier migrations. */
describe('a migration', () => {
  it('moves points into blocks, and back into rows when it is reverted', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource, 'with points'));
    const ids = 'SELECT id FROM series WHERE run_id = $1 ORDER BY name';
    await dataSource.query(`INSERT INTO series (run_id, name) VALUES ($1, 'a'), ($1, 'b')`, [run.id]);
    await undo('PointsInBlocks');
    await dataSource.query(
      `INSERT INTO points SELECT id, step * 7, CASE WHEN step % 100 = 3 THEN 'NaN' ELSE sin(step) END
       FROM series, generate_series(0, 1100) step WHERE run_id = $1 AND (name = 'a' OR step < 3)`,
      [run.id],
    );
    const rows = () =>
      dataSource.query(`SELECT series_id, step::int, value FROM points WHERE series_id IN (${ids}) ORDER BY 1, 2`, [
        run.id,
      ]);
    const before = await rows();
    expect(before).toHaveLength(1104);
    await dataSource.runMigrations();
    expect(await rows()).toEqual(before);
    const blocks = await dataSource.query(
      `SELECT points, low_step IS NOT NULL AS low, nan_step::int AS nan FROM point_blocks WHERE series_id IN (${ids})
       ORDER BY series_id, first_step`,
      [run.id],
    );
    expect(blocks).toEqual([
      { points: 480, low: true, nan: 21 },
      { points: 480, low: true, nan: 3521 },
      { points: 141, low: true, nan: 7021 },
      { points: 3, low: true, nan: null },
    ]);
    await undo('PointsInBlocks');
    expect(await rows()).toEqual(before);
    await dataSource.runMigrations();
  });

  it('finds the earliest and the latest time of each block, if all of its points have one', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource, 'with timed blocks'));
    await dataSource.query(`INSERT INTO series (run_id, name) VALUES ($1, 'a')`, [run.id]);
    await undo('PeaksOfBlocks');
    await dataSource.query(
      `INSERT INTO point_blocks (series_id, first_step, last_step, points, first_time, first_value, last_value, steps, values, times)
       SELECT id, step, step + 2, 3, CASE WHEN times IS NOT NULL THEN now() END, 1, 1, '{0,1,2}', '{1,1,1}', times::int[]
       FROM series, (VALUES (0, '{5,3,9}'), (10, '{0,NULL,2}'), (20, NULL)) AS block (step, times) WHERE run_id = $1`,
      [run.id],
    );
    await dataSource.runMigrations();
    const blocks = await dataSource.query(
      `SELECT earliest, latest, peaks FROM point_blocks WHERE series_id = (SELECT id FROM series WHERE run_id = $1)
       ORDER BY first_step`,
      [run.id],
    );
    const unknown = { earliest: null, latest: null, peaks: null };
    expect(blocks).toEqual([{ earliest: 3, latest: 9, peaks: null }, unknown, unknown]);
  });

  it('says of all runs that they were trained', async () => {
    const dataset = await insertDataset(dataSource, 'with origins');
    const run = await insertRun(dataSource, dataset, { state: RunState.COMPLETED });
    await undo('Origins');
    await dataSource.runMigrations();
    expect(await dataSource.query('SELECT origin FROM runs WHERE id = $1', [run.id])).toEqual([{ origin: 'TRAINED' }]);
  });

  it('adds phases and images of evaluations, and leaves the runs as they were when it is reverted', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource, 'with images'), {
      state: RunState.RUNNING,
      phase: RunPhase.EVALUATING,
    });
    const datasets = new DatasetsService(new DatasetsRepository(dataSource));
    const service = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
    await recordImages(dataSource, service, run, { images: { a: confusionOf(5, 1), b: confusionOf(7, 1) } });
    const evaluations = () => dataSource.query('SELECT * FROM evaluations WHERE run_id = $1', [run.id]);
    const images = () => dataSource.query('SELECT image_ids FROM evaluation_images WHERE run_id = $1', [run.id]);
    const before = await evaluations();
    expect(await images()).toEqual([{ image_ids: ['a', 'b'] }]);
    await expect(dataSource.query(`UPDATE runs SET state = 'QUEUED' WHERE id = $1`, [run.id])).rejects.toThrow(
      'runs_phase_check',
    );
    await undo('PhasesAndImages');
    await dataSource.runMigrations();
    expect(await evaluations()).toEqual(before);
    expect(await images()).toEqual([]);
    const [row] = await dataSource.query('SELECT state, phase FROM runs WHERE id = $1', [run.id]);
    expect(row).toEqual({ state: 'RUNNING', phase: null });
  });

  it('gives waiting points the times of their runner, and keeps the points without them when it is reverted', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource, 'with times'));
    const [series] = await dataSource.query(`INSERT INTO series (run_id, name) VALUES ($1, 'a') RETURNING id`, [
      run.id,
    ]);
    await undo('PointTimes');
    await dataSource.query(`INSERT INTO run_points (run_id, batches) VALUES ($1, 1)`, [run.id]);
    const insert = (number: number, columns = '', values = '') =>
      dataSource.query(
        `INSERT INTO point_batches (run_id, number, at, series, steps, values${columns})
         VALUES ($1, $2::int, '2026-01-01Z', ARRAY[$3::int, $3], ARRAY[2 * $2, 2 * $2 + 1], ARRAY[0, 1]${values})`,
        [run.id, number, series.id],
      );
    const rows = () =>
      dataSource.query(
        `SELECT step::int, to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.MS') AS time FROM points
         WHERE series_id = $1 ORDER BY 1`,
        [series.id],
      );
    const arrived = '2026-01-01 00:00:00.000';
    await insert(1);
    await dataSource.runMigrations();
    await insert(2, ', first_time', `, '2025-01-01Z'`);
    await insert(3, ', first_time, times', `, '2025-01-01Z', '{1500, NULL}'`);
    expect(await rows()).toEqual([
      { step: 2, time: arrived },
      { step: 3, time: arrived },
      { step: 4, time: '2025-01-01 00:00:00.000' },
      { step: 5, time: '2025-01-01 00:00:00.000' },
      { step: 6, time: '2025-01-01 00:00:01.500' },
      { step: 7, time: arrived },
    ]);
    await undo('PointTimes');
    expect(await rows()).toEqual([2, 3, 4, 5, 6, 7].map((step) => ({ step, time: arrived })));
    await dataSource.runMigrations();
  });

  it('gives every queued run its placement, and no other run', async () => {
    const dataset = await insertDataset(dataSource, 'placed');
    await dataSource.query('TRUNCATE runs CASCADE');
    const changes: Record<string, Partial<Run>> = {
      first: {},
      same: { priority: 3 },
      large: { pool: 'large' },
      fast: { engine: 'webgpu' },
      newer: { neededConfigVersion: 2 },
      ended: { state: RunState.COMPLETED },
    };
    for (const [name, change] of Object.entries(changes)) await insertRun(dataSource, dataset, { ...change, name });
    const placed = () =>
      dataSource.query<{ run: string; placement: string | null }[]>(
        `SELECT name AS run, placement.pool || ' ' || placement.engine || ' ' || config_version AS placement
         FROM runs LEFT JOIN placements placement ON placement.id = placement_id AND placement.dataset_id = runs.dataset_id
         ORDER BY number`,
      );
    const expected = [
      { run: 'first', placement: 'default any 1' },
      { run: 'same', placement: 'default any 1' },
      { run: 'large', placement: 'large any 1' },
      { run: 'fast', placement: 'default webgpu 1' },
      { run: 'newer', placement: 'default any 2' },
      { run: 'ended', placement: null },
    ];
    expect(await placed()).toEqual(expected);
    await undo('Placements');
    await dataSource.runMigrations();
    expect(await placed()).toEqual(expected);
    const [row] = await dataSource.query<{ count: number }[]>('SELECT count(*)::int AS count FROM placements');
    expect(row!.count).toBe(4);
  });

  it('ends alarms that were raised again, and those about processes that have continued or were replaced', async () => {
    const dataset = await insertDataset(dataSource, 'alarming');
    const completed = await insertRun(dataSource, dataset, { state: RunState.COMPLETED });
    const resumed = await insertRun(dataSource, dataset);
    await insertAttempt(dataSource, resumed, await insertRunner(dataSource, 'alarmed'));
    await undo('AlarmsEnd');
    const raise = (run: Run, step: number, kind: string, network: string | null, age = 0) =>
      dataSource.query(
        `INSERT INTO alarms (run_id, step, kind, network, message, created_at)
         VALUES ($1, $2, $3, $4, 'm', now() - make_interval(secs => $5))`,
        [run.id, step, kind, network, age],
      );
    for (const step of [30, 10, 20]) await raise(completed, step, 'DROP', 'BRANCH1');
    await raise(completed, 15, 'DROP', 'BRANCH2');
    await raise(completed, 40, 'STALLED', null);
    await raise(resumed, 10, 'DROP', 'BRANCH1');
    await raise(resumed, 50, 'STALLED', null, 60);
    await raise(resumed, 60, 'STALLED', null, -60);
    await dataSource.runMigrations();
    const lives = async ({ id }: Run) => {
      const rows = await dataSource.query<{ step: number; over: number | null }[]>(
        'SELECT step, over_step AS over FROM alarms WHERE run_id = $1 ORDER BY step',
        [id],
      );
      return rows.map(({ step, over }) => `${step}-${over ?? ''}`);
    };
    expect(await lives(completed)).toEqual(['10-20', '15-', '20-30', '30-', '40-40']);
    expect(await lives(resumed)).toEqual(['10-', '50-50', '60-']);
    await undo('AlarmsEnd');
    expect(await dataSource.query('SELECT FROM alarms')).toHaveLength(8);
    await dataSource.runMigrations();
  });

  it('finds the newest and best evaluations as the server does', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource, 'evaluated'));
    const datasets = new DatasetsService(new DatasetsRepository(dataSource));
    const service = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
    const given = [null, 5, 9, 9, 4].map((right, index) => ({
      step: 10 * index,
      network: index === 4 ? Predictor.BRANCH2 : Predictor.BRANCH1,
      subset: Subset.VAL,
      confusion: right === null ? new Array<number>(9).fill(0) : confusionOf(right, 1),
    }));
    await inTransaction(dataSource, (transaction) => service.record(transaction, run, 1, given));
    const pixels = () => dataSource.query('SELECT pixels FROM evaluations WHERE run_id = $1 ORDER BY step', [run.id]);
    const counted = await pixels();
    expect(counted).toEqual([0, 30, 30, 30, 30].map((each) => ({ pixels: each })));
    const stored = () => dataSource.query('SELECT * FROM run_scores ORDER BY network');
    const before = await stored();
    expect(before).toMatchObject([
      { newest_step: 30, best_step: 20 },
      { newest_step: 40, best_step: 40 },
    ]);
    await undo('RunScores');
    await dataSource.runMigrations();
    expect(await stored()).toEqual(before);
    expect(await pixels()).toEqual(counted);
  });

  it('numbers what is stored from then on, and forgets cuts when it is reverted', async () => {
    const run = await insertRun(dataSource, await insertDataset(dataSource, 'counted'));
    await dataSource.query('INSERT INTO run_points (run_id, batches) VALUES ($1, 2)', [run.id]);
    await dataSource.query(
      `INSERT INTO point_batches (run_id, number, series, steps, values, cut_after)
       VALUES ($1, 1, '{1}', '{10}', '{1}', NULL), ($1, 2, '{}', '{}', '{}', 5)`,
      [run.id],
    );
    await undo('Changes');
    await dataSource.query(`INSERT INTO alarms (run_id, step, kind, message) VALUES ($1, 5, 'DROP', 'm')`, [run.id]);
    const batches = () => dataSource.query('SELECT number FROM point_batches WHERE run_id = $1', [run.id]);
    expect(await batches()).toEqual([{ number: 1 }]);
    await dataSource.runMigrations();
    expect(await batches()).toEqual([{ number: 1 }]);
    const numbers = `SELECT changes, change FROM runs JOIN alarms ON run_id = runs.id WHERE runs.id = $1`;
    expect(await dataSource.query(numbers, [run.id])).toEqual([{ changes: 0, change: 0 }]);
  });
});
