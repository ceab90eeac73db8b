import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runConfig, type SplitConfigInput } from '../../schema/run-config.js';
import type { Attempt } from '../attempts/attempt.entity.js';
import { createBlobs } from '../blobs/create-blobs.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Predictor, Subset } from '../evaluations/evaluation.entity.js';
import { EvaluationsRepository } from '../evaluations/evaluations.repository.js';
import { EvaluationsService } from '../evaluations/evaluations.service.js';
import { PseudoLabelsRepository } from '../pseudo-labels/pseudo-labels.repository.js';
import { PseudoLabelsService } from '../pseudo-labels/pseudo-labels.service.js';
import { Runner } from '../runners/runner.entity.js';
import { type Run, RunState } from '../runs/run.entity.js';
import {
  confusionOf,
  insertAttempt,
  insertDataset,
  insertRun,
  insertRunner,
  sha256Of,
  storeBlob,
} from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { inTransaction } from './transaction.js';

const { dataSource } = testDatabase();

/** Reverts the migration with this class name, and all later ones. */
async function undo(name: string): Promise<void> {
  const applied = async () =>
    (await dataSource.query('SELECT FROM migrations WHERE name LIKE $1', [`${name}%`])).length > 0;
  while (await applied()) await dataSource.undoLastMigration();
}

describe('a migration', () => {
  it('that is reverted gives every run a share of labelled images that the older version understands', async () => {
    const dataset = await insertDataset(dataSource);
    const insert = (split: SplitConfigInput, drawn: [labelled: number, unlabelled: number] | null) => {
      const config = runConfig.parse({ dataset: dataset.name, split, method: { name: 'cps' } });
      const setup = drawn && {
        engine: 'wasm',
        device: 'cpu',
        labelledImages: drawn[0],
        unlabelledImages: drawn[1],
        parameters: 1,
      };
      return insertRun(dataSource, dataset, { config, setup });
    };
    await insert({ labelledRatio: 0.125 }, [9, 55]);
    await insert({ labelledImages: 16 }, [16, 48]);
    await insert({ labelledList: 'mine.txt' }, null);
    await insert({ labelledList: 'none.txt' }, [0, 0]);
    await undo('Splits');
    const shares = await dataSource.query('SELECT labelled_ratio AS share FROM runs ORDER BY number');
    expect(shares).toEqual([0.125, 0.25, 1, 1].map((share) => ({ share })));
    await dataSource.runMigrations();
  });

  it('makes accounts of the labels of tokens, and keeps only tokens that may do everything when it is reverted', async () => {
    await undo('People');
    const labels = ['kwon', ' Kwon\t', 'Ada', 'admin', 'Admin (token)', 'LOCAL', 'from the environment'];
    for (const [i, label] of [...labels, 'lab', 'from the environment'].entries()) {
      const kind = i < labels.length ? 'user' : 'registration';
      await dataSource.query(
        `INSERT INTO tokens (kind, label, hash, created_at) VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
        [kind, label, `hash ${i}`, i],
      );
    }
    await dataSource.runMigrations();
    const rows = await dataSource.query<{ owner: string | null; role: string | null; source: string }[]>(
      `SELECT accounts.name AS owner, role, source FROM tokens LEFT JOIN accounts ON accounts.id = account_id
       ORDER BY tokens.created_at`,
    );
    expect(rows.map(({ owner, role, source }) => [owner, role, source].join(' '))).toEqual([
      ...['kwon MEMBER CREATED', 'kwon MEMBER CREATED', 'Ada MEMBER CREATED', 'admin (token) MEMBER CREATED'],
      ...['admin (token) MEMBER CREATED', 'LOCAL (token) MEMBER CREATED', 'admin ADMIN ENVIRONMENT'],
      ...['  CREATED', '  ENVIRONMENT'],
    ]);

    await dataSource.query(`UPDATE tokens SET revoked_at = now() WHERE hash = 'hash 0'`);
    await dataSource.query(`UPDATE accounts SET role = 'VIEWER' WHERE name = 'Ada'`);
    await dataSource.query(`UPDATE accounts SET disabled_at = now() WHERE name = 'admin (token)'`);
    await undo('People');
    const left = await dataSource.query<{ hash: string }[]>('SELECT hash FROM tokens ORDER BY hash');
    expect(left.map(({ hash }) => hash)).toEqual(['hash 1', 'hash 5', 'hash 6', 'hash 7', 'hash 8']);
    await dataSource.runMigrations();
  });

  it('keeps the slots of earlier runners, and lets attempts in progress report what they have uploaded', async () => {
    const dataset = await insertDataset(dataSource, 'in progress');
    const run = await insertRun(dataSource, dataset);
    const [busy, small] = [await insertRunner(dataSource, 'busy'), await insertRunner(dataSource, 'small')];
    const attempt = await insertAttempt(dataSource, run, busy);
    const sha256 = await storeBlob(dataSource);
    await undo('Trust');
    await dataSource.query('UPDATE runners SET slots = 16 WHERE id = $1', [busy.id]);
    await dataSource.runMigrations();
    const limits = await dataSource.getRepository(Runner).find({ order: { name: 'ASC' } });
    expect(limits.map(({ name, slotLimit }) => [name, slotLimit])).toEqual([
      ['busy', 16],
      ['small', 8],
    ]);
    const { uploads } = createBlobs(dataSource);
    const require = (of: Attempt) =>
      inTransaction(dataSource, (transaction) => uploads.requireFor(transaction, of, [sha256]));
    await require(attempt);
    const other = await insertAttempt(dataSource, await insertRun(dataSource, dataset), small);
    await expect(require(other)).rejects.toThrow('not uploaded');
  });

  it('that is reverted names the bytes of blobs by their hash again, and drops those of unfinished uploads', async () => {
    const runner = await insertRunner(dataSource, 'uploading');
    const attempt = await insertAttempt(
      dataSource,
      await insertRun(dataSource, await insertDataset(dataSource, 'uploaded')),
      runner,
    );
    const { uploads } = createBlobs(dataSource);
    const send = async (bytes: Buffer, count: number) => {
      const about = { sha256: sha256Of(bytes), contentType: 'image/png', bytes: bytes.length, step: null };
      const upload = await uploads.open(runner.id, { ...about, attemptId: attempt.id, fence: 1 });
      await uploads.receive(upload, 0, Readable.from([bytes.subarray(0, count)]));
      return about.sha256;
    };
    const whole = randomBytes(2_000_000);
    const [complete, partial] = [await send(whole, whole.length), await send(randomBytes(2000), 1000)];
    await undo('Uploads');
    const chunks = (sha256: string) =>
      dataSource.query<{ data: Buffer }[]>('SELECT data FROM blob_chunks WHERE sha256 = $1 ORDER BY number', [sha256]);
    expect(Buffer.concat((await chunks(complete)).map(({ data }) => data)).equals(whole)).toBe(true);
    expect(await chunks(partial)).toEqual([]);
    expect(
      await dataSource.query('SELECT FROM blob_chunks c LEFT JOIN blobs b USING (sha256) WHERE b.sha256 IS NULL'),
    ).toEqual([]);
    await dataSource.runMigrations();
    const { blobs } = createBlobs(dataSource);
    const blob = (await blobs.find(complete))!;
    expect(Buffer.concat(await blobs.read(blob).toArray()).equals(whole)).toBe(true);
    expect(await blobs.collect()).toBe(0);
  });

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

  it('computes the scores of pseudo-labels as the server does', async () => {
    const dataset = await insertDataset(dataSource, 'other');
    const run = await insertRun(dataSource, dataset);
    const service = new PseudoLabelsService({
      repository: new PseudoLabelsRepository(dataSource),
      datasets: new DatasetsService(new DatasetsRepository(dataSource)),
    });
    const counts = { labelledPixels: [6, 3, 1], pseudoPixels: [2, 1, 0], undecidedPixels: 1 };
    const matrices = [[1, 0, 0, 1, 1, 0, 0, 0, 0], [7, 1, 0, 2, 5, 3, 0, 4, 8], new Array<number>(9).fill(0), null];
    for (const [step, confusion] of matrices.entries()) {
      const input = { ...counts, step, network: Predictor.BRANCH1, confusion };
      await inTransaction(dataSource, (transaction) => service.record(transaction, run, [input]));
    }
    const stored = () =>
      dataSource.query<{ mean_iou: number | null; class_ious: number[] | null }[]>(
        'SELECT mean_iou, class_ious FROM pseudo_labels ORDER BY step',
      );
    const derived = await stored();
    expect(derived.map(({ class_ious }) => class_ious)).toEqual([
      [0.5, 0.5, null],
      [0.7, 1 / 3, 8 / 15],
      [null, null, null],
      null,
    ]);
    await undo('PseudoLabelScores');
    await dataSource.runMigrations();
    const close = (value: number | null) => (value === null ? null : expect.closeTo(value, 12));
    expect(await stored()).toEqual(
      derived.map(({ mean_iou, class_ious }) => ({
        mean_iou: close(mean_iou),
        class_ious: class_ious?.map(close) ?? null,
      })),
    );
  });

  it('ends alarms that were raised again, and those about processes that have continued or were replaced', async () => {
    const dataset = await insertDataset(dataSource, 'alarming');
    const completed = await insertRun(dataSource, dataset, { state: RunState.COMPLETED });
    const resumed = await insertRun(dataSource, dataset);
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
    await insertAttempt(dataSource, resumed, await insertRunner(dataSource, 'alarmed'));
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
    await inTransaction(dataSource, (transaction) => service.record(transaction, run, given));
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
});
