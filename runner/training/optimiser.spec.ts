import { beforeAll, expect, it } from 'vitest';
import type { RunConfig } from '../../schema/run-config.js';
import shapes from '../networks/fixtures/deeplabv3plus.shapes.json' with { type: 'json' };
import { tf } from '../operations/tf.js';
import { expectClose } from '../testing/closeness.js';
import { hashed } from '../testing/hashed.js';
import { hashedTensor, summaryAt, summaryOf } from '../testing/hashed-network.js';
import { tinyConfig, tinyEngine } from '../testing/tiny.js';
import { Branch } from './branches/branch.js';
import fixture from './fixtures/optimisers.json' with { type: 'json' };
import { createMethod } from './methods/registry.js';
import { ratesAt } from './schedule.js';

interface Case {
  about: string;
  optimiser: RunConfig['optimiser'];
  rates: number[];
  norms: number[];
  moved: number[];
  memory: Record<string, number[]>;
}

const SHAPES = Object.entries(shapes['resnet18 deep']);
const VARIABLES = SHAPES.map(([name]) => name).filter((name) => !/running_(mean|var)$/.test(name));

beforeAll(async () => {
  await tinyEngine();
});

it.each(fixture.cases as unknown as Case[])(
  'six steps from given gradients agree with PyTorch: $about',
  async ({ optimiser, ...expected }) => {
    const config = tinyConfig({
      method: { name: 'supervised' },
      network: { width: 0.125 },
      optimiser: { ...optimiser, power: fixture.power },
      training: { iterations: fixture.iterations },
    });
    const branch = new Branch(1, createMethod(config.method), { config, classes: 5, inputChannels: 3 });
    const { variables } = branch.network;
    const start = new Map<string, Float32Array>();
    for (const [index, [name, shape]] of SHAPES.entries()) {
      const variable = variables.get(name);
      tf.tidy(() => variable?.assign(hashedTensor(name, shape, index)));
      if (variable) start.set(name, Float32Array.from(variable.dataSync()));
    }

    const [rates, norms]: [number[], number[]] = [[], []];
    for (let step = 0; step < fixture.steps; step++) {
      const gradients = VARIABLES.map((name, index) => {
        const { name: key, shape } = variables.get(name)!;
        return [key, hashed(2000 + 100 * index + step, shape, 0.01 * (1 + step))] as const;
      });
      const map = Object.fromEntries(gradients);
      const norm = branch.descend(map, step, ratesAt(config, step));
      if (norm) norms.push((await norm.data())[0]!);
      tf.dispose(norm ? { ...map, norm } : map);
      rates.push(ratesAt(config, step).learningRate);
    }
    const state = await branch.save();
    branch.dispose();

    expectClose(rates, expected.rates, 'learning rates', 1e-12);
    expectClose(norms, expected.norms, 'norms of the gradients', 1e-6);
    const groups = new Set(Object.keys(state).map((name) => name.split('.', 1)[0]));
    expect([...groups].sort()).toEqual(['weights', 'statistics', ...Object.keys(expected.memory)].sort());
    for (const [index, name] of VARIABLES.entries()) {
      const moved = state[`weights.${name}`]!.values.map((value, i) => value - start.get(name)![i]!);
      expectClose(summaryOf(moved), summaryAt(expected.moved, index), `how far ${name} moved`);
      for (const [group, summaries] of Object.entries(expected.memory)) {
        const found = summaryOf(state[`${group}.${name}`]!.values);
        expectClose(found, summaryAt(summaries, index), `${group} of ${name}`);
      }
    }
  },
);
