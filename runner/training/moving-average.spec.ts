import { beforeAll, describe, expect, it } from 'vitest';
import { type MethodConfig, methodConfig } from '../../schema/run-config.js';
import type { Dataset } from '../data/dataset.js';
import { expectClose } from '../testing/closeness.js';
import { tinyConfig, tinyEngine, tinyLoader, tinyShapes } from '../testing/tiny.js';
import { Branch } from './branches/branch.js';
import type { Branches, BranchState, RunEngine } from './branches/branches.js';
import { openBranches } from './branches/open.js';
import { createMethod } from './methods/registry.js';
import { ratesAt } from './schedule.js';

/** The teacher's decay before each of three steps, computed by hand, and whether the teacher is evaluated. */
const TEACHERS: { method: MethodConfig; decays: number[]; evaluated: boolean; ownStatistics?: boolean }[] = [
  {
    method: { name: 'mean_teacher', weight: 100, rampUp: 0, decay: 0.6, teacherUpdate: 'before_step' },
    // 1 - 1/1 and 1 - 1/2; 1 - 1/3 is above `decay`.
    decays: [0, 0.5, 0.6],
    evaluated: false,
  },
  {
    method: { name: 'mean_teacher', weight: 100, rampUp: 0, decay: 0.6, teacherUpdate: 'between_passes' },
    // A copy before the first step, which then moves towards the same weights.
    decays: [0, 0.6, 0.6],
    evaluated: false,
    ownStatistics: true,
  },
  {
    method: methodConfig.parse({ name: 'cutmix_seg', decay: 0.9, confidence: 0.2 }),
    decays: [0.9, 0.9, 0.9],
    evaluated: true,
  },
];

let dataset: Dataset;
let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

function optionsOf(method: MethodConfig, seed = 0) {
  const config = tinyConfig({ method, seed, optimiser: { learningRate: 0.1, power: 0 } });
  return { config, classes: dataset.descriptor.classes.length, inputChannels: 3 } as const;
}

async function stateOf(branches: Pick<Branches, 'save'>): Promise<BranchState> {
  const [state] = await branches.save();
  return state!;
}

/** The tensors of one group of a state, renamed to another group. */
function renamed(state: BranchState, from: string, to: string): BranchState {
  const tensors = Object.entries(state).filter(([name]) => name.startsWith(`${from}.`));
  return Object.fromEntries(tensors.map(([name, tensor]) => [`${to}${name.slice(from.length)}`, tensor]));
}

/** A state whose teacher has another seed than its network. If the two were equal, a wrong average would go unnoticed. */
async function withAnotherTeacher(method: MethodConfig, state: BranchState): Promise<BranchState> {
  const other = await openBranches(optionsOf(method, 1), engine);
  const others = await stateOf(other);
  await other.dispose();
  return { ...state, ...renamed(others, 'weights', 'teacher_weights') };
}

/** Expects each teacher tensor of `group` to be decay × itself before + (1 − decay) × the network's. */
function expectAverage(group: string, decay: number, after: BranchState, before: BranchState) {
  const names = Object.keys(after).filter((name) => name.startsWith(`teacher_${group}.`));
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const network = before[name.replace('teacher_', '')]!.values;
    const expected = before[name]!.values.map((value, i) => decay * value + (1 - decay) * network[i]!);
    expectClose(after[name]!.values, expected, name, 1e-6);
  }
}

describe.each(TEACHERS)(
  'the teacher of $method.name',
  { timeout: 120_000 },
  ({ method, decays, evaluated, ownStatistics }) => {
    it('is the moving average of the weights that the network had before each step', async () => {
      const options = optionsOf(method);
      const loader = tinyLoader(options.config, dataset);
      const branches = await openBranches(options, engine);
      await branches.load([await withAnotherTeacher(method, await stateOf(branches))]);
      let before = await stateOf(branches);
      for (const [step, decay] of decays.entries()) {
        await branches.step(step, await loader.batch(step), ratesAt(options.config, step));
        const after = await stateOf(branches);
        expectAverage('weights', decay, after, before);
        const moved = Object.keys(after).filter((name) => name.startsWith('weights.') && !alike(name, after, before));
        expect(moved.length).toBeGreaterThan(0);
        before = after;
      }
      await branches.dispose();
      await loader.close();
    });

    it(`${ownStatistics ? 'keeps its own running statistics' : 'averages the running statistics in the same way'}`, async () => {
      const options = optionsOf(method);
      const branch = new Branch(1, createMethod(method), options);
      const moved = (state: BranchState, by: number) =>
        Object.fromEntries(
          Object.entries(state).map(([name, { shape, values }]) => [
            name,
            { shape, values: values.map((value, i) => value + by * (1 + (i % 3))) },
          ]),
        );
      const state = await branch.save();
      const statistics = moved(renamed(state, 'statistics', 'statistics'), 0.5);
      const before = { ...state, ...statistics };
      branch.load(before);
      branch.prepare(1, ratesAt(options.config, 1));
      expectAverage('statistics', ownStatistics ? 1 : decays[1]!, await branch.save(), before);
      branch.dispose();
    });

    it(`is ${evaluated ? '' : 'not '}evaluated instead of the network`, async () => {
      const options = optionsOf(method);
      const branches = await openBranches(options, engine);
      await branches.load([await withAnotherTeacher(method, await stateOf(branches))]);
      const state = await stateOf(branches);
      const { labelled } = await tinyLoader(options.config, dataset).batch(0);
      const [found] = await branches.predict(labelled);
      await branches.dispose();

      const plain = await openBranches(optionsOf({ name: 'supervised' }), engine);
      const saidBy = async (prefix: '' | 'teacher_') => {
        const own = ['weights', 'statistics'].map((group) => renamed(state, `${prefix}${group}`, group));
        await plain.load([Object.assign({}, await stateOf(plain), ...own)]);
        return (await plain.predict(labelled))[0];
      };
      const [network, teacher] = [await saidBy(''), await saidBy('teacher_')];
      await plain.dispose();
      expect(network).not.toEqual(teacher);
      expect(found).toEqual(evaluated ? teacher : network);
    });
  },
);

function alike(name: string, after: BranchState, before: BranchState): boolean {
  return after[name]!.values.every((value, i) => value === before[name]!.values[i]);
}
