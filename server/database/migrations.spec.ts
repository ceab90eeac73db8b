import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runConfig, type SplitConfigInput } from '../../schema/run-config.js';
import type { Attempt } from '../attempts/attempt.entity.js';
import { createBlobs } from '../blobs/create-blobs.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Predictor } from '../evaluations/evaluation.entity.js';
import { PseudoLabelsRepository } from '../pseudo-labels/pseudo-labels.repository.js';
import { PseudoLabelsService } from '../pseudo-labels/pseudo-labels.service.js';
import { Runner } from '../runners/runner.entity.js';
import {
  insertAttempt,
  insertDataset,
  insertRun,
  insertRunner,
  sha256Of,
  storeBlob,
} from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { undoMigration } from '../testing/undo-migration.js';
import { inTransaction } from './transaction.js';

const { dataSource } = testDatabase();

const undo = (name: string) => undoMigration(dataSource, name);

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
});
