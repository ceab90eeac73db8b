import { beforeEach, describe, expect, it } from 'vitest';
import { readSparseCounts } from '../../schema/sparse-counts.js';
import { type Context, Loaders } from '../context.js';
import { DatasetsRepository } from '../datasets/datasets.repository.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { Budget } from '../graphql/budget.js';
import type { Run } from '../runs/run.entity.js';
import { OrderDirection } from '../runs/runs.inputs.js';
import { emptyTables } from '../testing/empty-tables.js';
import { imagesOf, recordImages } from '../testing/image-fixtures.js';
import { queriesOf } from '../testing/queries.js';
import { insertDataset, insertRun } from '../testing/results-fixtures.js';
import { testDatabase } from '../testing/test-database.js';
import { scoresOf } from './confusion.js';
import { Pick, Predictor } from './evaluation.entity.js';
import { EvaluationsRepository } from './evaluations.repository.js';
import { EvaluationsService } from './evaluations.service.js';
import { type EvaluationImageOrder, EvaluationImageOrderField, type EvaluationImagesArgs } from './images.inputs.js';
import { ImagesRepository } from './images.repository.js';
import { ImagesService } from './images.service.js';

const { dataSource } = testDatabase();
const datasets = new DatasetsService(new DatasetsRepository(dataSource));
const evaluations = new EvaluationsService({ repository: new EvaluationsRepository(dataSource), datasets });
const service = new ImagesService({ repository: new ImagesRepository(dataSource), evaluations });
const contextWith = (budget = new Budget()) => ({ loaders: new Loaders(true), budget }) as Context;

/** What is true and predicted in four images of ten pixels: background, disc and box. */
const MATRICES = {
  b: [6, 0, 0, 1, 3, 0, 0, 0, 0],
  a: [6, 0, 0, 1, 3, 0, 0, 0, 0],
  'only box': [0, 0, 0, 0, 0, 0, 0, 2, 8],
  ignored: [0, 0, 0, 0, 0, 0, 0, 0, 0],
  'no disc': [4, 0, 0, 6, 0, 0, 0, 0, 0],
};

describe('the images of an evaluation', () => {
  let run: Run;

  beforeEach(async () => {
    await emptyTables(dataSource, 'runs', 'datasets');
    run = await insertRun(dataSource, await insertDataset(dataSource));
  });

  const page = async (args: Partial<EvaluationImagesArgs> = {}, context = contextWith(), of = run) => {
    const picked = { pick: Pick.NEWEST, network: Predictor.BRANCH1 };
    const evaluation = await evaluations.evaluation(context, of.id, picked);
    return service.page(context, evaluation!, { first: 100, ...args });
  };
  const order = (field: EvaluationImageOrderField, change: Partial<EvaluationImageOrder> = {}) => ({
    orderBy: { field, direction: OrderDirection.ASC, ...change },
  });
  const idsOf = async (args: Partial<EvaluationImagesArgs> = {}) =>
    (await page(args))!.edges.map(({ node }) => node.imageId);

  it('have the scores that their confusion matrices have by themselves', async () => {
    await recordImages(dataSource, evaluations, run, { images: MATRICES });
    const { edges, totalCount } = (await page())!;
    expect(totalCount).toBe(5);
    for (const { node } of edges) {
      const matrix = MATRICES[node.imageId as keyof typeof MATRICES];
      const { classIous, meanIou, pixelAccuracy } = scoresOf(matrix, 3);
      expect(node).toMatchObject({ classIous, meanIou, pixelAccuracy, pixels: matrix.reduce((a, b) => a + b) });
      const dense = new Array<number>(9).fill(0);
      for (const { truth, prediction, pixels } of node.confusion) dense[3 * truth + prediction] = pixels;
      expect(dense).toEqual(matrix);
    }
    expect(edges.find(({ node }) => node.imageId === 'ignored')!.node).toMatchObject({ meanIou: null, pixels: 0 });
  });

  it('are sorted by any score, in both directions, without those that have none', async () => {
    await recordImages(dataSource, evaluations, run, { images: MATRICES });
    const { IMAGE_ID, MEAN_IOU, PIXEL_ACCURACY, CLASS_IOU } = EvaluationImageOrderField;
    const DESC = { direction: OrderDirection.DESC };
    // mIoU: 0.2, 0.4, 0.80, 0.80.
    const worstFirst = ['no disc', 'only box', 'a', 'b', 'ignored'];
    expect(await idsOf()).toEqual(worstFirst);
    expect(await idsOf(order(MEAN_IOU))).toEqual(worstFirst);
    expect(await idsOf(order(MEAN_IOU, DESC))).toEqual(['b', 'a', 'only box', 'no disc', 'ignored']);
    expect(await idsOf(order(PIXEL_ACCURACY))).toEqual(['no disc', 'only box', 'a', 'b', 'ignored']);
    expect(await idsOf(order(IMAGE_ID))).toEqual(['a', 'b', 'ignored', 'no disc', 'only box']);
    // On which images does the class fail? It is missed in "no disc" and invented in "only box".
    expect(await idsOf(order(CLASS_IOU, { classIndex: 1 }))).toEqual(['no disc', 'only box', 'a', 'b', 'ignored']);
    expect(await idsOf(order(CLASS_IOU, { classIndex: 2, ...DESC }))).toEqual([
      'only box',
      'no disc',
      'ignored',
      'b',
      'a',
    ]);
  });

  it('are ranked by the errors of a class, most first', async () => {
    await recordImages(dataSource, evaluations, run, { images: MATRICES });
    const { MISSED_PIXELS, FALSE_PIXELS, CLASS_IOU } = EvaluationImageOrderField;
    const ranked = (field: EvaluationImageOrderField, name: string, change = {}) =>
      idsOf({ orderBy: { field, class: name, ...change } });
    // Of disc, 6 pixels are missed in "no disc" and 1 in "a" and "b"; it is predicted in place of box in "only box".
    expect(await ranked(MISSED_PIXELS, 'disc')).toEqual(['no disc', 'b', 'a', 'only box', 'ignored']);
    expect(await ranked(FALSE_PIXELS, 'disc')).toEqual(['only box', 'no disc', 'ignored', 'b', 'a']);
    expect(await ranked(FALSE_PIXELS, 'background')).toEqual(['no disc', 'b', 'a', 'only box', 'ignored']);
    expect(await ranked(MISSED_PIXELS, 'disc', { direction: OrderDirection.ASC })).toEqual([
      ...['ignored', 'only box', 'a', 'b', 'no disc'],
    ]);
    expect(await ranked(CLASS_IOU, 'box')).toEqual(await idsOf(order(CLASS_IOU, { classIndex: 2 })));
  });

  it('are read page by page, each once, and a cursor fits only its own order', async () => {
    const images = Object.fromEntries(
      Array.from({ length: 23 }, (_, i) => [`image ${i}`, [(i * 7) % 5, 1, 0, 0, (i * 3) % 4, 0, 0, 0, 0]]),
    );
    await recordImages(dataSource, evaluations, run, { images });
    for (const orderBy of [
      undefined,
      order(EvaluationImageOrderField.IMAGE_ID, { direction: OrderDirection.DESC }).orderBy,
      { field: EvaluationImageOrderField.FALSE_PIXELS, class: 'disc' },
    ]) {
      const whole = await idsOf({ orderBy: orderBy ?? null });
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const { edges, pageInfo }: NonNullable<Awaited<ReturnType<typeof page>>> = (await page({
          first: 5,
          after,
          orderBy: orderBy ?? null,
        }))!;
        seen.push(...edges.map(({ node }) => node.imageId));
        after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
      } while (after);
      expect(seen).toEqual(whole);
      expect(new Set(seen).size).toBe(23);
      let before: string | null = null;
      for (let left = 23; left > 0; left -= 5) {
        const { edges, pageInfo }: NonNullable<Awaited<ReturnType<typeof page>>> = (await page({
          last: 5,
          first: null,
          before,
          orderBy: orderBy ?? null,
        }))!;
        expect(edges.map(({ node }) => node.imageId)).toEqual(whole.slice(Math.max(0, left - 5), left));
        expect(pageInfo.hasPreviousPage).toBe(left > 5);
        before = pageInfo.startCursor;
      }
    }
    const { pageInfo } = (await page({ first: 5 }))!;
    const other = page({ after: pageInfo.endCursor, ...order(EvaluationImageOrderField.IMAGE_ID) });
    await expect(other).rejects.toThrow('is not a cursor of this list in this order');
  });

  it.each([
    [{ first: 101 }, 'first must be between 1 and 100; got 101'],
    [
      order(EvaluationImageOrderField.CLASS_IOU),
      'orderBy.class: CLASS_IOU needs a class; give either its name or its classIndex',
    ],
    [order(EvaluationImageOrderField.FALSE_PIXELS, { class: 'disc', classIndex: 1 }), 'give either its name or its'],
    [
      order(EvaluationImageOrderField.MISSED_PIXELS, { class: 'bok' }),
      'orderBy.class: the dataset has no class "bok"; did you mean "box"?',
    ],
    [
      order(EvaluationImageOrderField.IMAGE_ID, { class: 'disc' }),
      'orderBy.class: is only for CLASS_IOU, MISSED_PIXELS',
    ],
    [order(EvaluationImageOrderField.CLASS_IOU, { classIndex: -1 }), 'from 0 to 2; got -1'],
    [order(EvaluationImageOrderField.CLASS_IOU, { classIndex: 3 }), 'from 0 to 2; got 3'],
    [
      order(EvaluationImageOrderField.MEAN_IOU, { classIndex: 1 }),
      'is only for CLASS_IOU, MISSED_PIXELS, FALSE_PIXELS; got MEAN_IOU',
    ],
    [{ after: 'nonsense' }, '"nonsense" is not a cursor'],
  ])('are not read with %j', async (args, message) => {
    await recordImages(dataSource, evaluations, run, { images: MATRICES });
    await expect(page(args)).rejects.toThrow(message);
  });

  it('of many runs are read with two statements, and count in the budget of the operation', async () => {
    const other = await insertRun(dataSource, await insertDataset(dataSource, 'other'));
    await recordImages(dataSource, evaluations, run, { images: MATRICES });
    await recordImages(dataSource, evaluations, other, { images: MATRICES });
    const both = async (context: Context) => Promise.all([run, other].map((of) => page({}, context, of)));
    const queries = await queriesOf(() => both(contextWith()));
    expect(queries.filter((query) => query.includes('evaluation_images'))).toHaveLength(2);
    const { counts } = imagesOf(MATRICES);
    const numbers = Math.ceil((2 * Buffer.from(counts, 'base64').length) / 8) + 2 * Object.keys(MATRICES).length;
    expect(await both(contextWith(new Budget(undefined, numbers)))).toHaveLength(2);
    await expect(both(contextWith(new Budget(undefined, numbers - 1)))).rejects.toThrow(
      'the operation reads more than',
    );
  });

  it('take few bytes', () => {
    const { counts } = imagesOf(MATRICES);
    const bytes = Buffer.from(counts, 'base64');
    expect(readSparseCounts(bytes, 5, 3).cells).toHaveLength(10);
    expect(bytes.length).toBe(5 + 2 * 10);
  });
});
