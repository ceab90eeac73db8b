import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, BY_RATIO, CPS, pivotStudies, SUPERVISED } from '../testing/pivot-studies.js';
import { testServer } from '../testing/test-server.js';

const server = testServer();
const { dataSource } = server.database;
const { create, runsOf, finish, pivot } = pivotStudies(server);

beforeAll(() => server.registerRunner());

describe('a gain', () => {
  it("is tested by Welch's formula where seeds do not match, and over a run that is chosen", async () => {
    const id = await create(
      'unpaired',
      { methods: [SUPERVISED, CPS], seeds: [0, 1, 2, 5, 6, 7] },
      { split: { labelledRatio: 0.5 } },
    );
    for (const run of await runsOf(id)) {
      const own = run.method === 'supervised' ? [0.6, 0.61, 0.62][run.seed] : [0.65, 0.655, 0.68][run.seed - 5];
      if (own === undefined) await server.ask('mutation ($id: ID!) { deleteRun(id: $id) }', { id: run.id });
      else await finish(run.id, own);
    }
    const { rows } = await pivot(id, 'rows: ["method"]');
    // SciPy: ttest_ind(equal_var=False).
    expect(rows[1].cells[0].gain).toMatchObject({
      ...{ test: 'WELCH_T', pairs: 0, baselineN: 3, reason: null },
      degreesOfFreedom: expect.closeTo(3.346606334841629, 8),
      t: expect.closeTo(4.727455680310748, 8),
      p: expect.closeTo(0.013964122676908747, 10),
      interval: { low: expect.closeTo(0.01883718560146737, 10), high: expect.closeTo(0.08449614773186613, 10) },
    });
    const chosen = (await runsOf(id)).find(({ method }) => method === 'cps')!;
    const reversed = await pivot(id, `rows: ["method"], baseline: "${chosen.id}"`);
    expect(reversed.rows[0].cells[0].gain.difference).toBeCloseTo(-0.051666666666666715, 10);
    expect(reversed.rows[1].cells[0].gain.reason).toBe('these runs are the baseline');
  });

  it('is not computed without a baseline, and says in which settings it differs', async () => {
    const base = { split: { labelledRatio: 0.5, seed: 8 } };
    const id = await create('two lengths', { methods: [CPS], seeds: [0, 1] }, base);
    const gain = async () => (await pivot(id, 'rows: ["method"]')).rows.at(-1).cells[0].gain;
    for (const run of await runsOf(id)) await finish(run.id, 0.7 + run.seed / 100);
    expect((await gain()).reason).toBe('there is no completed supervised run with a value on the same labelled images');
    for (const seed of [0, 1]) {
      const config = { ...base, method: SUPERVISED, seed, training: { iterations: 3000 } };
      await finish(await server.createRun({ studyId: id }, config), 0.6 + seed / 50);
    }
    expect(await gain()).toMatchObject({
      pairs: 2,
      differing: ['training.iterations'],
      difference: expect.closeTo(0.095, 10),
    });
    const { warnings } = await pivot(id, 'rows: ["method"]');
    expect(warnings).toEqual([
      { kind: 'SETTINGS', message: 'the runs differ in training.iterations (1000: 2 runs, 3000: 2 runs)' },
    ]);
    for (const seed of [0, 1]) {
      const config = { ...base, method: SUPERVISED, seed, training: { iterations: 2000 } };
      await finish(await server.createRun({ studyId: id }, config), 0.6);
    }
    expect((await gain()).reason).toBe(
      'several baselines are equally close: supervised runs that differ in training.iterations',
    );
  });
});

describe('warnings', () => {
  it('distinguish draws of the labels from seeds', async () => {
    const splits = [0, 1].map((seed) => ({ labelledRatio: 0.125, seed }));
    const id = await create('draws', { methods: [SUPERVISED], splits, seeds: [0, 1] });
    for (const { id: runId, seed, split } of await runsOf(id)) await finish(runId, 0.5 + seed / 10 + split.seed / 100);
    const [together] = (await pivot(id, BY_RATIO)).rows[0].cells;
    expect(together).toMatchObject({ n: 4, averages: '2 seeds × 2 draws of the labels', seeds: 2, draws: 2 });
    expect(together.warnings).toEqual([
      {
        kind: 'DRAWS',
        message:
          'averages over 2 draws of the labels (split.seed (0, 1)), not over seeds alone: the deviation contains both',
      },
    ]);
    const withCps = async (seed: number) => {
      const split = { labelledRatio: 0.125, seed };
      await finish(await server.createRun({ studyId: id }, { method: CPS, split, seed: 7 }), 0.6);
      return (await pivot(id, BY_RATIO)).warnings;
    };
    expect(await withCps(0)).toEqual([
      {
        kind: 'DRAWS',
        message: 'in each column, the means are not over the same draws of the labels; gains compare equal draws only',
      },
    ]);
    expect(await withCps(1)).toEqual([]);
    const apart = await pivot(id, 'rows: ["method"], columns: ["split"]');
    expect(apart.columns.map(({ labels }: Answer) => labels)).toEqual([['1/8 (seed 0)'], ['1/8 (seed 1)']]);
    expect(apart.rows[0].cells.map(({ averages, warnings }: Answer) => [averages, warnings])).toEqual([
      ['2 seeds', []],
      ['2 seeds', []],
    ]);
  });

  it('say why a mean is not simply a mean over seeds', async () => {
    const id = await create(
      'oddities',
      { methods: [SUPERVISED, CPS], seeds: [0, 1] },
      { split: { labelledRatio: 0.5, seed: 3 } },
    );
    const [first, cps, second, other] = await runsOf(id);
    await finish(first!.id, 0.5);
    await finish(second!.id, 0.6);
    await finish(
      await server.createRun({ studyId: id }, { method: SUPERVISED, split: { labelledRatio: 0.5, seed: 3 } }),
      0.7,
    );
    await finish(cps!.id, 0.4, { state: 'RUNNING' });
    await finish(other!.id, 0.9, { state: 'FAILED' });
    await dataSource.query(`UPDATE attempts SET "commit" = 'def5678' WHERE run_id = $1`, [second!.id]);
    await dataSource.query(`UPDATE runs SET setup = setup || '{"engine": "webgpu"}' WHERE id = $1`, [second!.id]);
    const { rows, warnings } = await pivot(id, 'rows: ["method"]');
    expect(rows[0].cells[0]).toMatchObject({ n: 3, averages: '3 runs: 2 seeds' });
    expect(rows[0].cells[0].warnings).toEqual([
      {
        kind: 'SAME_SEED',
        message: expect.stringMatching(/^counts runs with equal settings and seed as independent: \d+ and \d+$/),
      },
    ]);
    // Of the row without a completed run, the one in progress counts, and not the failed one.
    expect(rows[1].cells[0]).toMatchObject({ n: 1, mean: 0.4, completed: false, lacking: '1 failed' });
    expect(rows[1].cells[0].warnings[0].kind).toBe('UNFINISHED');
    expect(rows[1].cells[0].gain.reason).toBe('no run of the cell is completed');
    expect(warnings).toEqual([
      { kind: 'ENGINE', message: 'the runs differ in their engine: wasm (3 runs), webgpu (1 run)' },
      {
        kind: 'CODE',
        message:
          'the runs differ in their version of Crosscheck: 0.1.0, commit abc1234 (3 runs), 0.1.0, commit def5678 (1 run)',
      },
    ]);
  });

  it('leave out NaN and infinity, and evaluations of the first images', async () => {
    const training = { evaluateImages: 4 };
    const id = await create(
      'parts',
      { methods: [SUPERVISED], seeds: [0, 1, 2] },
      { split: { labelledRatio: 0.5 }, training },
    );
    const [first, second, third] = await runsOf(id);
    await finish(first!.id, 0.5, { state: 'RUNNING', step: 1000 });
    await finish(second!.id, 0.9, { state: 'RUNNING', step: 200 });
    const [cell] = (await pivot(id, 'rows: []')).rows[0].cells;
    expect(cell).toMatchObject({ n: 1, mean: 0.5, lacking: '1 queued, 1 running' });
    await finish(third!.id, null);
    for (const [run, value] of [
      [first, 0.25],
      [third, 'NaN'],
    ] as const) {
      await dataSource.query(
        `INSERT INTO series (run_id, name, last_value, low, high) VALUES ($1, 'loss', $2, $2, $2)`,
        [run!.id, value],
      );
    }
    const [loss] = (await pivot(id, 'rows: [], value: "max(loss)"')).rows[0].cells;
    expect(loss).toMatchObject({ n: 1, mean: 0.25, completed: false });
    expect(loss.warnings).toContainEqual({
      kind: 'NOT_FINITE',
      message: `leaves out runs whose value is NaN or infinite: ${third!.number}`,
    });
  });
});
