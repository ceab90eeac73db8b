import { beforeAll, describe, expect, it } from 'vitest';
import { CPS, pivotStudies, SUPERVISED } from '../testing/pivot-studies.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { create, runsOf, finish, pivot } = pivotStudies(server);

beforeAll(() => server.registerRunner());

interface Trained {
  method: object;
  draw: number;
  seed: number;
  score: number;
  training?: object;
}

let studies = 0;

/** A study of completed runs on half of the labels. */
async function studyOf(runs: readonly Trained[]): Promise<string> {
  const [first, ...others] = runs.map(({ method, draw, seed, training = {} }) => ({
    ...{ method, seed, training },
    split: { labelledRatio: 0.5, seed: draw },
  }));
  const { method, seed, ...base } = first!;
  const id = await create(`gains ${++studies}`, { methods: [method], seeds: [seed] }, base);
  for (const config of others) await server.createRun({ studyId: id }, config);
  for (const [i, run] of (await runsOf(id)).entries()) await finish(run.id, runs[i]!.score);
  return id;
}

/** Of the last row. */
const gainOf = async (id: string) => (await pivot(id, 'rows: ["method"]')).rows.at(-1).cells[0].gain;

describe('a gain over several draws of the labels', () => {
  it('does not contain the difference between the draws', async () => {
    const id = await studyOf([
      ...[0, 1, 2].map((seed) => ({ method: CPS, draw: 1, seed, score: 0.6 })),
      { method: CPS, draw: 2, seed: 0, score: 0.8 },
      { method: SUPERVISED, draw: 1, seed: 7, score: 0.5 },
      ...[7, 8, 9].map((seed) => ({ method: SUPERVISED, draw: 2, seed, score: 0.7 })),
    ]);
    expect(await gainOf(id)).toMatchObject({
      ...{ difference: expect.closeTo(0.1, 12), pairs: 0, baselineN: 4, test: null, p: null, interval: null },
      reason:
        "no seed matches, and Welch's t test needs runs of one configuration on one draw of the labels; these are of 2 draws",
    });
  });
});

describe('a gain over several configurations', () => {
  const long = { iterations: 2000 };
  const runs: Trained[] = [
    // Without a supervised run of the same seed, a configuration is not part of the pair.
    ...[0, 1].map((seed) => ({ method: CPS, draw: 1, seed, score: 0.6 + seed / 100 })),
    { method: CPS, draw: 1, seed: 0, score: 0.9, training: long },
    ...[0, 1].map((seed) => ({ method: SUPERVISED, draw: 1, seed, score: 0.5 })),
    { method: SUPERVISED, draw: 1, seed: 9, score: 0.8, training: long },
  ];

  it('compares each with its own baseline of the same seed', async () => {
    expect(await gainOf(await studyOf(runs))).toMatchObject({
      ...{ difference: expect.closeTo(0.105, 12), pairs: 2, baselineN: 3, test: 'PAIRED_T', differing: [] },
    });
  });

  it('counts those with the same seed and labels as one', async () => {
    const more = { method: SUPERVISED, draw: 1, seed: 0, score: 0.82, training: long };
    // Seed 0: the mean of 0.6 - 0.5 and 0.9 - 0.82. Seed 1: 0.61 - 0.5.
    expect(await gainOf(await studyOf([...runs, more]))).toMatchObject({
      ...{ difference: expect.closeTo(0.1, 12), pairs: 2, baselineN: 4 },
    });
  });
});

describe('an evaluation of the first images', () => {
  const training = { evaluateImages: 4 };
  const best = async (id: string) => pivot(id, 'rows: ["method"], value: "miou(pick: best)"');

  it('is left out as a baseline, is counted apart, and is warned of', async () => {
    const scores = [0.5, 0.5, 0.9];
    const id = await studyOf([
      ...scores.map((score, seed) => ({ method: SUPERVISED, draw: 5, seed, score, training })),
      ...scores.map((_, seed) => ({ method: CPS, draw: 5, seed, score: 0.6 + seed / 100, training })),
    ]);
    const runs = await runsOf(id);
    await server.database.dataSource.query('UPDATE run_scores SET best_step = 500 WHERE run_id = $1', [runs[2]!.id]);
    const { rows, warnings } = await best(id);
    expect(rows[0].cells[0]).toMatchObject({ n: 2, mean: 0.5, lacking: '1 evaluated on fewer images' });
    expect(rows[1].cells[0].gain).toMatchObject({ difference: expect.closeTo(0.105, 12), pairs: 2, baselineN: 2 });
    const message = 'the best evaluation of 1 run covers the first images only (training.evaluateImages)';
    expect(warnings).toEqual([{ kind: 'PARTIAL', message }]);
    for (const run of runs.slice(0, 2)) {
      await server.database.dataSource.query('UPDATE run_scores SET best_step = 500 WHERE run_id = $1', [run.id]);
    }
    expect((await best(id)).rows[1].cells[0].gain.reason).toBe(
      'there is no completed supervised run with a value on the same labelled images whose evaluation covers as many images ' +
        'as others',
    );
  });

  it('is not taken for a value that is missing or not finite', async () => {
    const id = await studyOf([0, 1, 2].map((seed) => ({ method: CPS, draw: 6, seed, score: 0.5 })));
    const [first, second] = await runsOf(id);
    for (const [run, value] of [
      [first, 0.25],
      [second, 'NaN'],
    ] as const) {
      await server.database.dataSource.query(
        `INSERT INTO series (run_id, name, last_value, low, high) VALUES ($1, 'loss', $2, $2, $2)`,
        [run!.id, value],
      );
    }
    const { rows } = await pivot(id, 'rows: [], value: "max(loss)"');
    expect(rows[0].cells[0]).toMatchObject({ n: 1, lacking: '1 not finite, 1 without a value' });
  });
});
