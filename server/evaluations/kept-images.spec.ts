import { beforeEach, describe, expect, it } from 'vitest';
import { inTransaction } from '../database/transaction.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import type { Run } from '../runs/run.entity.js';
import { emptyTables } from '../testing/empty-tables.js';
import { evaluationOf, type Given, imagesOf, type Matrices, recordImages } from '../testing/image-fixtures.js';
import { confusionOf, insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { Predictor, Subset } from './evaluation.entity.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsService } from './evaluations.service.js';

const { dataSource } = testDatabase();
const datasets = new DatasetsService(new DatasetsRepository(dataSource));
const service = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });

/** Two images, in which `right` of 10 pixels of each class are predicted correctly. */
const images = (right: number): Matrices => ({ a: confusionOf(right, 1), b: confusionOf(right, 2) });
const record = (run: Run, ...given: Given[]) => recordImages(dataSource, service, run, ...given);

describe('the images of evaluations', () => {
  let run: Run;

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets');
    run = await insertRun(dataSource, await insertDataset(dataSource));
  });

  const stored = () =>
    dataSource.query<{ network: string; subset: string; step: number; ids: string[]; counts: Buffer }[]>(
      `SELECT network, subset, step, image_ids AS ids, counts FROM evaluation_images
       WHERE run_id = $1 ORDER BY subset, network, step`,
      [run.id],
    );
  const steps = async () => (await stored()).map(({ step }) => step);

  it('are kept for the newest and the best one, and dropped with the evaluation that makes others so', async () => {
    await record(run, { step: 100, images: images(5) });
    expect(await steps()).toEqual([100]);
    await record(run, { step: 200, images: images(9) }, { step: 300, images: images(6) });
    expect(await steps()).toEqual([200, 300]);
    // Stored later, but earlier in the run and not the best.
    await record(run, { step: 50, images: images(7) });
    expect(await steps()).toEqual([200, 300]);
    await record(run, { step: 400, images: images(10) });
    expect(await steps()).toEqual([400]);
    expect((await stored())[0]).toMatchObject({
      ids: ['a', 'b'],
      counts: Buffer.from(imagesOf(images(10)).counts, 'base64'),
    });
  });

  it('are replaced with their evaluation, and dropped if it comes without images', async () => {
    await record(run, { step: 100, images: images(5) }, { step: 200, images: images(9) });
    await record(run, { step: 200, images: { other: confusionOf(8, 1) } });
    expect((await stored()).map(({ ids }) => ids)).toEqual([['other']]);
    // An older runner has resumed the run.
    await record(run, { step: 200, images: null, confusion: confusionOf(8, 1) });
    expect(await stored()).toEqual([]);
    // The best one no longer is. The images of the one that is now were dropped before.
    await record(run, { step: 300, images: images(9) }, { step: 400, images: images(2) });
    await record(run, { step: 300, images: images(1) });
    expect(await steps()).toEqual([400]);
  });

  it('are kept for each network and subset by itself, of each run, and deleted with it', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'other'));
    const places = [Predictor.BRANCH1, Predictor.ENSEMBLE].flatMap((network) =>
      [Subset.VAL, Subset.TEST].map((subset) => ({ network, subset })),
    );
    // The same in every test run, in no particular order, with repetitions.
    for (let i = 0; i < 30; i++) {
      const given = [i, i + 13, i + 29].map((index) => ({
        ...places[(index * 5) % places.length]!,
        step: (index * 37) % 11,
        images: images((index * 7) % 10),
      }));
      await record(i % 3 === 0 ? other : run, ...given);
      const wrong = await dataSource.query(
        `SELECT * FROM evaluation_images JOIN run_scores USING (run_id, subset, network)
         WHERE step NOT IN (newest_step, best_step)`,
      );
      expect(wrong).toEqual([]);
      const missing = await dataSource.query(
        `SELECT * FROM run_scores WHERE (run_id, subset, network, newest_step) NOT IN
           (SELECT run_id, subset, network, step FROM evaluation_images)`,
      );
      expect(missing).toEqual([]);
    }
    await dataSource.query('DELETE FROM runs WHERE id = $1', [other.id]);
    expect(await dataSource.query('SELECT DISTINCT run_id FROM evaluation_images')).toEqual([{ run_id: run.id }]);
    await dataSource.query('DELETE FROM runs');
    expect(await dataSource.query('SELECT FROM evaluation_images')).toEqual([]);
  });

  it('keep ids with any printable characters', async () => {
    const ids = ['a,b', '{"c"}', 'd\\e', "f'g", 'NULL', 'ħ 🙂', ' h '];
    await record(run, { images: Object.fromEntries(ids.map((id) => [id, confusionOf(5, 1)])) });
    expect((await stored())[0]!.ids).toEqual(ids);
  });

  const base64 = (...bytes: number[]) => Buffer.from(bytes).toString('base64');
  const [first, second] = ['a', 'b'];
  it.each([
    ['an image twice', [first, first], base64(0, 0), 'images.ids.1: occurs twice: "a"'],
    ['an empty id', [first, ''], base64(0, 0), 'images.ids.1: must have 1 to 512 printable characters; got ""'],
    ['counts that are not Base64', [first], '?', 'images.counts: must be Base64; got "?"'],
    ['counts of fewer images', [first, second], base64(0), 'images.counts: the bytes end in image 1 of 2'],
    [
      'a cell outside of the matrix',
      [first],
      base64(1, 10, 1),
      'images.counts: image 0 has the cell 9, but 3 classes have 9',
    ],
    [
      'other sums than the matrix',
      [first, second],
      base64(1, 5, 3, 1, 5, 2),
      'images.counts: the images have 0 pixels of truth 0 and prediction 0, but confusion[0] is 5',
    ],
  ])('are refused with %s, and nothing is stored', async (_, ids, counts, message) => {
    const evaluation = { ...evaluationOf({ images: images(5) }), confusion: [5, 0, 0, 0, 5, 0, 0, 0, 0] };
    const refused = inTransaction(dataSource, (transaction) =>
      service.record(transaction, run, 1, [
        evaluationOf({ step: 1, images: images(5) }),
        { ...evaluation, images: { ids, counts } },
      ]),
    );
    await expect(refused).rejects.toMatchObject({ code: 'BAD_USER_INPUT' });
    await expect(refused).rejects.toThrow(`the evaluation of BRANCH1 on VAL at step 100 is not valid: ${message}`);
    expect(await dataSource.query('SELECT FROM evaluations')).toEqual([]);
  });
});
