import { beforeAll, describe, expect, it } from 'vitest';
import { type MethodConfig, methodConfig } from '../../../schema/run-config.js';
import { startEngine } from '../../engines/engine.js';
import { readValues } from '../../engines/failure.js';
import { expectClose } from '../../engines/fixtures/closeness.js';
import { gradientsOf } from '../../engines/recording.js';
import { tf } from '../../engines/tf.js';
import { inLockStep } from '../branches/gradient-step.js';
import fixture from './fixtures/losses.json' with { type: 'json' };
import type { Losses } from './method.js';
import { createMethod } from './registry.js';
import { exampleBranch, exampleTensors } from './testing/example.js';

/** float32 against PyTorch's float64. */
const TOLERANCE = 1e-5;

const cases = fixture.cases as unknown as {
  method: Partial<MethodConfig>;
  branches: { total: number; parts: Record<string, number>; gradients: Record<string, number[]> }[];
}[];

beforeAll(async () => {
  await startEngine('wasm');
});

describe('the losses of every method agree with PyTorch', () => {
  it('there are numbers of every method', () => {
    const names = methodConfig.options.map((option) => option.shape.name.value);
    expect([...new Set(cases.map(({ method }) => method.name))]).toEqual(names);
  });

  it.each(cases)('$method.name: $method', async ({ method: config, branches: expected }) => {
    const method = createMethod(methodConfig.parse(config));
    expect(method.branches).toBe(expected.length);
    tf.engine().startScope();
    const tensors = exampleTensors();
    const branches = expected.map((_, i) => exampleBranch(method, i === 0 ? 1 : 2, fixture));
    let losses: Losses[] = [];
    // Minimising the sum gives each branch the gradient of its own, as in training.
    const { grads } = await gradientsOf(
      async () => {
        losses = await inLockStep(
          branches.map(({ view }) => method.step(view, tensors)),
          (shown) => shown.toReversed(),
        );
        for (const { total, parts } of losses) for (const tensor of [total, ...Object.values(parts)]) tf.keep(tensor);
        return tf.addN(losses.map(({ total }) => total)) as tf.Scalar;
      },
      branches.flatMap(({ variables }) => Object.values(variables)),
    );
    for (const [i, { total, parts, gradients }] of expected.entries()) {
      const of = (what: string) => `branch ${i + 1}, ${what}`;
      expectClose(await readValues(losses[i]!.total), [total], of('total'), TOLERANCE);
      expect(Object.keys(losses[i]!.parts)).toEqual(Object.keys(parts));
      for (const [name, part] of Object.entries(parts)) {
        expectClose(await readValues(losses[i]!.parts[name]!), [part], of(name), TOLERANCE);
      }
      expect(Object.keys(branches[i]!.variables)).toEqual(Object.keys(gradients));
      for (const [name, variable] of Object.entries(branches[i]!.variables)) {
        const found = grads[variable.name] ?? tf.zerosLike(variable);
        expectClose(await readValues(found), gradients[name]!, of(`gradient of ${name}`), TOLERANCE);
      }
    }
    tf.engine().endScope();
    tf.disposeVariables();
  });
});
