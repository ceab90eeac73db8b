import { beforeAll, describe, expect, it } from 'vitest';
import { type MethodConfig, methodConfig } from '../../../schema/run-config.js';
import type { ThresholdsConfig } from '../../../schema/thresholds-config.js';
import { readValues } from '../../operations/read-back.js';
import { gradientsOf } from '../../operations/recording.js';
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { computationsUnderTest } from '../../testing/engines.js';
import { exampleBranch, exampleTensors } from '../../testing/example.js';
import { summaryOf } from '../../testing/hashed-network.js';
import { inLockStep } from '../branches/gradient-step.js';
import boxes from './fixtures/boxes.json' with { type: 'json' };
import fixture from './fixtures/losses.json' with { type: 'json' };
import pasted from './fixtures/pasted.json' with { type: 'json' };
import thresholded from './fixtures/thresholds.json' with { type: 'json' };
import type { Losses } from './method.js';
import { createMethod } from './registry.js';

/**
 * The tolerance of float32 against PyTorch's float64. GCT compares two maps at every pixel: where they are nearly equal,
 * rounding determines the result.
 */
const toleranceOf = ({ name }: Partial<MethodConfig>) => (name === 'gct' ? 1e-4 : 1e-5);

/**
 * GCT's example has larger images. On a software GPU, which WebGPU tests use unless the engine is requested by name, it takes
 * most of a minute on two idle cores; on the cpu engine a quarter of one, so only one of its cases is tested there.
 */
const takesLong = (engine: string, method: Partial<MethodConfig>) =>
  method.name === 'gct' &&
  !process.env.CROSSCHECK_TEST_ENGINE &&
  (engine === 'webgpu' || (engine === 'cpu' && method.flawMaps !== 'original'));

interface Case {
  method: Partial<MethodConfig>;
  /** `balance.thresholds`; by default, none. */
  thresholds?: ThresholdsConfig;
  /** Whether labelled pixels have been pasted into the unlabelled images. */
  pasted?: boolean;
  /** A class around which to put the CutMix box of each unlabelled image, where it is predicted. */
  weakClasses?: number[];
  size: [height: number, width: number];
  /** The number of unlabelled images. */
  unlabelled: number;
  round: 1 | 2;
  branches: {
    total: number;
    parts: Record<string, number>;
    shares: Record<string, number>;
    pseudoLabels: number[] | null;
    gradients: Record<string, number[]>;
  }[];
}

const cases = fixture.cases as unknown as Case[];
/** Of every method that has pseudo-labels, with each kind of thresholds that it can be combined with. */
const thresholdedCases = thresholded.cases as unknown as Case[];
/** Of every method into whose unlabelled images something can be pasted. */
const pastedCases = pasted.cases as unknown as Case[];
/** Of every method with CutMix. */
const boxesCases = boxes.cases as unknown as Case[];
const titled = (each: Case): [title: string, Case] => {
  const balanced = each.thresholds ? ` with thresholds ${JSON.stringify(each.thresholds)}` : '';
  return [
    JSON.stringify(each.method) +
      balanced +
      (each.pasted ? ' with pasted labels' : '') +
      (each.weakClasses ? ' with boxes' : ''),
    each,
  ];
};

/** The results of a step: its tensors under their names in the fixture. */
const reportedBy = ({ total, parts, shares, pseudoLabels }: Losses): Record<string, tf.Tensor> => ({
  total,
  ...prefixed('part', parts),
  ...prefixed('share', shares ?? {}),
  ...(pseudoLabels && { 'pseudo-labels': pseudoLabels }),
});

it('the fixture covers every method', () => {
  const names = methodConfig.options.map((option) => option.shape.name.value);
  expect([...new Set(cases.map(({ method }) => method.name))]).toEqual(names);
});

describe.each(computationsUnderTest())('the losses of every method on %s agree with PyTorch', (engine, start) => {
  beforeAll(async () => {
    await start();
  });

  it.each(
    [
      ...cases.filter(({ method }) => !takesLong(engine, method)),
      ...thresholdedCases,
      ...pastedCases,
      ...boxesCases,
    ].map(titled),
  )(
    '%s',
    { timeout: 300_000 },
    async (_, { method: config, thresholds, pasted, weakClasses, size, unlabelled, round, branches: expected }) => {
      const method = createMethod(methodConfig.parse(config));
      expect(method.branches).toBe(expected.length);
      const tolerance = toleranceOf(config);
      tf.engine().startScope();
      const tensors = exampleTensors(size, unlabelled, { pasted, weakClasses });
      const branches = expected.map((_, i) =>
        exampleBranch(method, i === 0 ? 1 : 2, size, { ...fixture, round }, thresholds),
      );
      let losses: Losses[] = [];
      // Minimising the sum gives each branch the gradient of its own loss, as in training.
      const { grads } = await gradientsOf(
        async () => {
          losses = await inLockStep(
            branches.map(({ view }) => method.step(view, tensors)),
            (shown) => shown.toReversed(),
          );
          for (const tensor of losses.flatMap((each) => Object.values(reportedBy(each)))) tf.keep(tensor);
          return tf.addN(losses.map(({ total }) => total)) as tf.Scalar;
        },
        branches.flatMap(({ variables }) => Object.values(variables)),
      );
      for (const [i, { total, parts, shares, pseudoLabels, gradients }] of expected.entries()) {
        const of = (what: string) => `branch ${i + 1}, ${what}`;
        const values: Record<string, number[]> = {
          total: [total],
          ...prefixed('part', inLists(parts)),
          ...prefixed('share', inLists(shares)),
          ...(pseudoLabels && { 'pseudo-labels': pseudoLabels }),
        };
        const found = reportedBy(losses[i]!);
        expect(Object.keys(found)).toEqual(Object.keys(values));
        for (const [name, tensor] of Object.entries(found)) {
          expectClose(await valuesOf(tensor), values[name]!, of(name), tolerance);
        }
        expect(Object.keys(branches[i]!.variables)).toEqual(Object.keys(gradients));
        for (const [name, variable] of Object.entries(branches[i]!.variables)) {
          const found = grads[variable.name] ?? tf.zerosLike(variable);
          expectClose(await valuesOf(found), gradients[name]!, of(`gradient of ${name}`), tolerance);
        }
      }
      tf.engine().endScope();
      tf.disposeVariables();
    },
  );
});

function prefixed<T>(kind: string, values: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${kind} ${name}`, value]));
}

function inLists(values: Record<string, number>): Record<string, number[]> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value]]));
}

/** As in example.py: many values are summarised. */
async function valuesOf(tensor: tf.Tensor): Promise<ArrayLike<number>> {
  const values = await readValues(tensor);
  return values.length <= fixture.mostValues ? values : summaryOf(values);
}
