import { describe, expect, it } from 'vitest';
import { RunState } from '../runs/run.entity.js';
import type { Axis } from './axes.js';
import type { ComparedRun, Settings } from './compared-run.js';
import { pivotOf } from './pivot.js';

/** How many runs of as many configurations, each of which has a value of its own in `varying` settings of training. */
interface Group {
  method: string;
  runs: number;
  varying: number;
}

/** Of processor time, several times as much as it takes. */
const MOST_SECONDS = 10;

const SETTINGS = Array.from({ length: 60 }, (_, i) => `training.setting${i}`);

/** Completed runs on the same labelled images. */
function runsOf(groups: readonly Group[]): ComparedRun[] {
  return groups.flatMap(({ method, runs, varying }, group) =>
    Array.from({ length: runs }, (_, i): ComparedRun => {
      const number = group * 10_000 + i;
      const own = SETTINGS.map((path, place): [string, string] => [path, String(place < varying ? number : 0)]);
      const config = { method: { name: method }, split: { labelledRatio: 0.5, seed: 0, cover: false } };
      const flat = new Map([['method.name', JSON.stringify(method)], ...own]);
      return {
        ...{ id: String(number), studyId: null, number, state: RunState.COMPLETED, seed: 0, datasetId: 'd' },
        ...{
          splitHash: 's',
          split: 's',
          labelledImages: 8,
          engine: 'wasm',
          code: [`commit ${number}`],
          found: [number],
        },
        ...{ settings: { config: config as Settings['config'], flat }, value: i / 10_000, images: Infinity },
      };
    }),
  );
}

const BY_METHOD: Axis = { text: 'method', setting: 'method.name', field: null, index: -1 };
const BY_NUMBER: Axis = { text: 'number', setting: null, field: { path: 'number' }, index: 0 };

const tableOf = (runs: readonly ComparedRun[], axis = BY_METHOD) =>
  pivotOf({
    rowAxes: [axis],
    ...{ columnAxes: [], runs, missing: [], baseline: null, published: null, rare: [] },
    value: { score: 'miou' },
  });

describe('a table of many configurations', () => {
  it('has gains up to 50,000 pairs of configurations, and says why it has none above', async () => {
    const gainOf = async (runs: number) => {
      const groups = ['supervised', 'cps'].map((method) => ({ method, runs, varying: 1 }));
      const { rows } = await tableOf(runsOf(groups));
      return rows[1]!.cells[0]!.gain;
    };
    expect((await gainOf(200)).reason).toBe(
      'several baselines are equally close: supervised runs that differ in training.setting0',
    );
    expect((await gainOf(1000)).reason).toBe(
      'too many supervised runs have other settings: the nearest ones are found among at most 50000 pairs of ' +
        'configurations, and the table has 1000000: choose a baseline, or fewer runs',
    );
  });

  it('leaves turns of the event loop to others', async () => {
    let [turns, isDone] = [0, false];
    const next = () => {
      turns++;
      if (!isDone) setImmediate(next);
    };
    const runs = runsOf(['supervised', 'cps'].map((method) => ({ method, runs: 2500, varying: 1 })));
    setImmediate(next);
    const { rows } = await tableOf(runs, BY_NUMBER);
    isDone = true;
    expect(rows).toHaveLength(5000);
    expect(turns).toBeGreaterThan(3);
  });

  it('needs no search if there is one baseline', async () => {
    const { rows } = await tableOf(
      runsOf([
        { method: 'supervised', runs: 1, varying: 0 },
        { method: 'cps', runs: 2000, varying: 1 },
      ]),
    );
    expect(rows[1]!.cells[0]!.gain).toMatchObject({ difference: expect.closeTo(0.09995, 10), baselineN: 1 });
  });

  it('lists what differs, lowest first, in time that grows with the runs only', async () => {
    const before = process.cpuUsage();
    const { warnings } = await tableOf(runsOf([{ method: 'cps', runs: 5000, varying: 30 }]));
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(MOST_SECONDS);
    expect(warnings).toHaveLength(31);
    expect(warnings[0]!.message).toBe(
      'the runs differ in training.setting0 (0: 1 run, 1: 1 run, 2: 1 run, 3: 1 run, 4: 1 run and 4995 more)',
    );
    expect(warnings[30]!.message).toBe(
      'the runs differ in their version of Crosscheck: commit 0 (1 run), commit 1 (1 run), commit 2 (1 run), ' +
        'commit 3 (1 run), commit 4 (1 run) and 4995 more',
    );
  });
});
