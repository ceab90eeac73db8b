import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methodConfig, type RunConfig } from '../../../schema/run-config.js';
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { summaryAt, summaryOf } from '../../testing/hashed-network.js';
import { batchesOf, groupAndName, NETWORK_TENSORS, type Size, startOf, valuesOf } from '../../testing/method-step.js';
import { tinyConfig, tinyEngine } from '../../testing/tiny.js';
import type { BranchState, LossValues, RunEngine } from '../branches/branches.js';
import { openBranches } from '../branches/open.js';
import { ratesAt } from '../schedule.js';
import fixture from './fixtures/method_steps.json' with { type: 'json' };
import { createMethod } from './registry.js';

interface Case extends Pick<RunConfig, 'method' | 'loss' | 'optimiser'> {
  about: string;
  normalisation: RunConfig['network']['normalisation'];
  size: Size;
  /** The iterations that are done before each step. */
  steps: number[];
  iterations: number;
  imageSeed: number;
  branches: {
    /** In each step. */
    losses: LossValues[];
    /** After the last one, by group: three numbers for each tensor. */
    state: Record<string, number[]>;
  }[];
}

const cases = fixture.cases as unknown as Case[];

/** Of these groups, the fixture has how far each tensor has moved. */
const MOVED = ['weights', 'part_weights'];

const MEMORY = ['momentum', 'exp_avg', 'exp_avg_sq'];

/** Methods whose steps whole-step.spec.ts and torchsemiseg.spec.ts hold. */
const ELSEWHERE = ['weak_to_strong_cps', 'augseg'];

let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
});
afterAll(() => tf.disposeVariables());

const configOf = ({ method, loss, optimiser, normalisation, size, iterations }: Omit<Case, 'about' | 'branches'>) =>
  tinyConfig({
    ...{ method, loss, optimiser, network: { width: fixture.width, normalisation } },
    augmentation: { crop: size },
    training: { iterations, batchLabelled: fixture.labelled, batchUnlabelled: fixture.unlabelled },
    seed: fixture.seed,
  });

it('the fixture has a step of every method that has none elsewhere', () => {
  const names = methodConfig.options.map(({ shape }): string => shape.name.value);
  const here = names.filter((name) => !ELSEWHERE.includes(name));
  expect(new Set(cases.map(({ method }): string => method.name))).toEqual(new Set(here));
});

describe('whole training steps agree with PyTorch', () => {
  it.each(cases)('$about', async ({ branches: expected, ...each }) => {
    const config = configOf(each);
    const branches = await openBranches({ config, classes: fixture.classes, inputChannels: 3 }, engine);
    const fresh = each.steps[0] === 0;
    const before = (await branches.save()).map((state, i) => startOf(state, i, { fresh }));
    await branches.load(before);
    const { padding = false } = createMethod(config.method).streams;
    const losses: LossValues[][] = [];
    for (const step of each.steps) {
      const batches = batchesOf(each.imageSeed, step, each.size, padding);
      losses.push(await branches.step(step, batches, ratesAt(config, step)));
    }
    const after = await branches.save();
    await branches.dispose();

    const tolerance = toleranceOf(each);
    expect(after).toHaveLength(expected.length);
    for (const [i, branch] of expected.entries()) {
      const where = `branch ${i + 1}, `;
      for (const [at, values] of branch.losses.entries())
        expectLosses(losses[at]![i]!, values, `${where}step ${at + 1}: `, tolerance);
      expectState({ before: before[i]!, after: after[i]! }, branch.state, where, tolerance);
    }
  });
});

/** Of losses, running statistics, teachers and predictions. */
const TOLERANCE = 3e-5;

type Tolerance = (group: string) => number;

/**
 * PyTorch's own float32 differs from its float64 by up to a tenth of that, and by up to 1e-4 in gradients, which the
 * optimiser's memory holds. How far a weight has moved is in addition the difference of two float32 values that can be a
 * thousand times as large: in two steps, and with Adam, after small steps. GCT compares two maps at every pixel: where they are
 * nearly equal, rounding determines the result.
 */
function toleranceOf({ method, optimiser, steps }: Pick<Case, 'method' | 'optimiser' | 'steps'>): Tolerance {
  const gct = method.name === 'gct';
  const gradients = gct ? 2e-3 : 5e-4;
  const moved = gct || steps.length > 1 ? 2e-3 : optimiser.name === 'adam' ? 1e-3 : 5e-4;
  return (group) => (MOVED.includes(group) ? moved : MEMORY.includes(group) ? gradients : TOLERANCE);
}

function expectLosses(found: LossValues, expected: LossValues, where: string, tolerance: Tolerance): void {
  expectClose([found.total], [expected.total], `${where}total`, tolerance('losses'));
  for (const kind of ['parts', 'shares'] as const) {
    expect(Object.keys(found[kind]).toSorted()).toEqual(Object.keys(expected[kind]).toSorted());
    for (const [name, value] of Object.entries(expected[kind]))
      expectClose([found[kind][name]!], [value], where + name, tolerance('losses'));
  }
}

function expectState(
  { before, after }: Record<'before' | 'after', BranchState>,
  expected: Record<string, number[]>,
  where: string,
  tolerance: Tolerance,
): void {
  const names = Object.keys(after);
  const groups = new Set(names.map((name) => groupAndName(name)[0]));
  expect([...groups].toSorted()).toEqual(Object.keys(expected).toSorted());
  for (const [group, summaries] of Object.entries(expected)) {
    const tensors = names.filter((name) => groupAndName(name)[0] === group);
    expect(summaries).toHaveLength(3 * tensors.length);
    for (const [index, name] of tensors.entries()) {
      const start = MOVED.includes(group) ? before[name]!.values : null;
      const values = after[name]!.values.map((value, at) => value - (start?.[at] ?? 0));
      expectClose(summaryOf(values), summaryAt(summaries, index), where + name, tolerance(group));
    }
  }
}

it('the order of the tensors is that of the script', async () => {
  const config = configOf(cases[0]!);
  const branches = await openBranches({ config, classes: fixture.classes, inputChannels: 3 }, engine);
  const names = Object.keys((await branches.save())[0]!).map(groupAndName);
  await branches.dispose();
  const [weights, statistics] = ['weights', 'statistics'].map((group) => names.filter(([of]) => of === group));
  const isStatistic = (name: string) => /running_(mean|var)$/.test(name);
  expect(weights!.map(([, name]) => name)).toEqual(NETWORK_TENSORS.filter((name) => !isStatistic(name)));
  expect(statistics!.map(([, name]) => name)).toEqual(NETWORK_TENSORS.filter(isStatistic));
});

it.each([
  ['a whole image, if the run evaluates whole images', true],
  ['windows of the size of the crop by default, which differ', false],
])('predicts %s, as PyTorch does', async (_, evaluateWhole) => {
  const { size, probabilities } = fixture.evaluated;
  const [height, width] = size as Size;
  const config = tinyConfig({
    network: { width: fixture.width },
    augmentation: { crop: [32, 32] },
    training: { evaluateWhole },
    method: { name: 'supervised' },
  });
  const branches = await openBranches({ config, classes: fixture.classes, inputChannels: 3 }, engine);
  await branches.load([startOf((await branches.save())[0]!, 0, { fresh: true })]);
  const images = valuesOf(1, [2, height, width, 3]);
  const [found] = await branches.predict({ count: 2, height, width, channels: 3, images });
  await branches.dispose();
  const check = () => expectClose(summaryOf(found!), probabilities, 'probabilities', TOLERANCE);
  if (evaluateWhole) check();
  else expect(check).toThrow('relative error');
});
