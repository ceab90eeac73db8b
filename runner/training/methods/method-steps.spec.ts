import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEARN_PSEUDO_LABELS } from '../../../schema/balance-rules.js';
import { methodConfig, type RunConfig, type RunConfigInput } from '../../../schema/run-config.js';
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { hashedValues } from '../../testing/hashed.js';
import { summaryAt, summaryOf } from '../../testing/hashed-network.js';
import { batchesOf, groupAndName, NETWORK_TENSORS, type Size, startOf } from '../../testing/method-step.js';
import { tinyConfig, tinyEngine } from '../../testing/tiny.js';
import type { BranchState, LossValues, RunEngine } from '../branches/branches.js';
import { openBranches } from '../branches/open.js';
import { ratesAt } from '../schedule.js';
import fixture from './fixtures/method_steps.json' with { type: 'json' };
import { createMethod } from './registry.js';

interface Case extends Pick<RunConfig, 'method' | 'loss' | 'optimiser'> {
  about: string;
  /** By default, none. */
  balance?: RunConfigInput['balance'];
  normalisation: RunConfig['network']['normalisation'];
  /** Of the second network, if it differs. */
  secondStem?: RunConfig['network']['stem'];
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

let engine: RunEngine;

beforeAll(async () => {
  engine = await tinyEngine();
});
afterAll(() => tf.disposeVariables());

const configOf = (each: Omit<Case, 'about' | 'branches'>) =>
  tinyConfig({
    ...{ method: each.method, loss: each.loss, optimiser: each.optimiser, balance: each.balance ?? null },
    network: {
      width: fixture.width,
      normalisation: each.normalisation,
      second: each.secondStem ? { stem: each.secondStem } : null,
    },
    augmentation: { crop: each.size },
    training: { iterations: each.iterations, batchLabelled: fixture.labelled, batchUnlabelled: fixture.unlabelled },
    seed: fixture.seed,
  });

const opened = (config: RunConfig) => {
  const { classes, classPixels } = fixture;
  return openBranches({ config, classes, classPixels, inputChannels: 3 }, engine);
};

it('the fixture has a step of every method, and one with class weights of every method with a cross-entropy of pseudo-labels', () => {
  const names = methodConfig.options.map(({ shape }): string => shape.name.value);
  expect(new Set(cases.map(({ method }): string => method.name))).toEqual(new Set(names));
  const weighted = cases.filter(({ balance }) => balance?.weights && 'pseudoLabels' in balance.weights);
  expect(new Set(weighted.map(({ method }): string => method.name))).toEqual(new Set(LEARN_PSEUDO_LABELS));
});

describe('whole training steps agree with PyTorch', () => {
  it.each(cases)('$about', async ({ branches: expected, ...each }) => {
    const config = configOf(each);
    const branches = await opened(config);
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
 * thousand times as large: in two steps, and with Adam, after small steps. The first step of AdamW follows the sign of each
 * gradient: where one is nearly 0, rounding decides (Adam's has the weight decay in its gradients). GCT compares two maps at every pixel: where they are
 * nearly equal, rounding determines the result.
 */
function toleranceOf({ method, optimiser, steps }: Pick<Case, 'method' | 'optimiser' | 'steps'>): Tolerance {
  const gct = method.name === 'gct';
  const gradients = gct ? 2e-3 : 5e-4;
  const bySign = optimiser.name === 'adamw' && steps[0] === 0;
  const moved = bySign ? 1e-2 : gct || steps.length > 1 ? 2e-3 : optimiser.name === 'sgd' ? 5e-4 : 1e-3;
  return (group) => (MOVED.includes(group) ? moved : MEMORY.includes(group) ? gradients : TOLERANCE);
}

function expectLosses(found: LossValues, expected: LossValues, where: string, tolerance: Tolerance): void {
  expectClose([found.total], [expected.total], `${where}total`, tolerance('losses'));
  const norms = [found, expected].map(({ gradientNorm }) => (gradientNorm === undefined ? [] : [gradientNorm]));
  expectClose(norms[0]!, norms[1]!, `${where}norm of the gradient`, tolerance('momentum'));
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
  const branches = await opened(config);
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
  const branches = await opened(config);
  await branches.load([startOf((await branches.save())[0]!, 0, { fresh: true })]);
  const images = hashedValues(1, 2 * height * width * 3);
  const [found] = await branches.predict({ count: 2, height, width, channels: 3, images });
  await branches.dispose();
  const check = () => expectClose(summaryOf(found!), probabilities, 'probabilities', TOLERANCE);
  if (evaluateWhole) check();
  else expect(check).toThrow('relative error');
});
