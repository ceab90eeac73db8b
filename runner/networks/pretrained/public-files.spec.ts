import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../engines/engine.js';
import { readValues } from '../../operations/read-back.js';
import { tf } from '../../operations/tf.js';
import { expectClose } from '../../testing/closeness.js';
import { hashed } from '../../testing/hashed.js';
import { LayerBuilder } from '../layers.js';
import { type BackboneName, resnet } from '../resnet.js';
import { readTensorFile, type TensorFileRead } from '../safetensors.js';
import type { Stem } from '../stem.js';
import { isCounter, publicShapes } from '../testing/public-weights.js';
import { matchBackbone } from './match.js';

/** Debian's Python, which has python3-torch. The first python3 in PATH may be a different one. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('../../testing/resnet_in_pytorch.py', import.meta.url));
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;

const STEMS: Stem[] = ['deep', '7x7', 'd'];
const options = (name: BackboneName, stem: Stem) =>
  ({ name, stem, inputChannels: 3, width: 1, outputStride: 16 }) as const;

beforeAll(async () => {
  await startEngine('wasm');
});

/** Notes the shapes of filters without drawing their values, which takes seconds at this width. */
class Shapes extends LayerBuilder {
  readonly filters = new Map<string, number[]>();

  override filter(name: string, shape: [number, number, number, number]): tf.Variable {
    this.filters.set(name, shape);
    return this.vector(name, 1, 0);
  }
}

/** Name in a file → shape in the network's layout. */
function wantedBy(name: BackboneName, stem: Stem): Map<string, readonly number[]> {
  const builder = new Shapes(0, 1);
  resnet(builder, options(name, stem));
  const all = [...builder.variables, ...builder.buffers];
  const wanted = all.map(([name, { shape }]) => [inFile(name), builder.filters.get(name) ?? shape] as const);
  for (const [, variable] of all) variable.dispose();
  return new Map(wanted);
}

const inFile = (name: string) => name.replace(/^backbone\./, '');

/** A file with these names and shapes. Matching needs no values. */
function contentsOf(shapes: Map<string, number[]>): TensorFileRead {
  const floats = [...shapes].filter(([name]) => !isCounter(name));
  return {
    tensors: Object.fromEntries(floats.map(([name, shape]) => [name, { shape, values: new Float32Array() }])),
    others: Object.fromEntries([...shapes.keys()].filter(isCounter).map((name) => [name, 'I64'])),
    metadata: {},
  };
}

describe('the names and shapes of a public file', () => {
  /** As torchvision's documentation counts them (in millions: timm's). */
  const PARAMETERS: [BackboneName, Stem, number | string][] = [
    ['resnet18', '7x7', 11_689_512],
    ['resnet34', '7x7', 21_797_672],
    ['resnet50', '7x7', 25_557_032],
    ['resnet101', '7x7', 44_549_160],
    ['resnet18', 'd', '11.71'],
    ['resnet34', 'd', '21.82'],
    ['resnet50', 'd', '25.58'],
    ['resnet101', 'd', '44.57'],
    ['resnet50', 'deep', '25.68'],
    ['resnet101', 'deep', '44.67'],
  ];

  it.each(PARAMETERS)(
    'of a %s with stem %s are all used, and the backbone needs no others',
    (name, stem, parameters) => {
      const shapes = publicShapes(name, stem);
      const trained = [...shapes].filter(([each]) => !/running|tracked/.test(each));
      const count = trained.reduce((sum, [, shape]) => sum + shape.reduce((size, side) => size * side, 1), 0);
      expect(typeof parameters === 'number' ? count : (count / 1e6).toFixed(2)).toBe(parameters);

      const match = matchBackbone('file', contentsOf(shapes), wantedBy(name, stem));
      expect(match.missing).toEqual([]);
      expect(match.misfits).toEqual([]);
      expect(match.leftOver.filter((each) => !isCounter(each))).toEqual(['fc.weight', 'fc.bias']);
    },
  );

  it.each(
    (['resnet18', 'resnet50'] as const).flatMap((name) =>
      STEMS.flatMap((has) => STEMS.filter((needs) => needs !== has).map((needs) => [name, has, needs] as const)),
    ),
  )('of a %s with stem %s say how to build the network, where it was built with %s', (name, has, needs) => {
    const match = () => matchBackbone('file', contentsOf(publicShapes(name, has)), wantedBy(name, needs));
    const advice = new RegExp(`the file has .*: set network.stem to ${has}$`);
    if (has === '7x7' && needs === 'deep') expect(match().misfits.at(-1)).toMatch(advice);
    else expect(match).toThrow(advice);
  });
});

/** Filters start as zeros, because drawing their values takes seconds at this width. */
class Zeros extends LayerBuilder {
  override filter(name: string, shape: [number, number, number, number]): tf.Variable {
    const filter = tf.variable(tf.zeros(shape));
    this.variables.set(name, filter);
    return filter;
  }
}

describe.skipIf(!hasTorch)('a network with the weights of a PyTorch module', { timeout: 120_000 }, () => {
  const NETWORKS: [BackboneName, Stem][] = [
    ['resnet18', '7x7'],
    ['resnet18', 'd'],
    ['resnet50', '7x7'],
    ['resnet50', 'd'],
  ];
  let folder: string;
  /** The features of each network. */
  let theirs: number[][][];
  const fileOf = (name: BackboneName, stem: Stem) => join(folder, `${name}-${stem}.safetensors`);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'crosscheck-resnet-'));
    const asked = NETWORKS.flatMap(([name, stem]) => [name, stem, fileOf(name, stem)]);
    theirs = JSON.parse(
      execFileSync(PYTHON, [SCRIPT, ...asked], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 28 }),
    );
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(NETWORKS)('has the same features: %s, stem %s', async (name, stem) => {
    const path = fileOf(name, stem);
    const file = await readTensorFile(path);
    const shapes = [...Object.entries(file.tensors)].map(([each, { shape }]) => [each, shape] as const);
    expect(new Map(shapes)).toEqual(new Map([...publicShapes(name, stem)].filter(([each]) => !isCounter(each))));

    const builder = new Zeros(0, 1);
    const network = resnet(builder, options(name, stem));
    const all = [...builder.variables, ...builder.buffers];
    const match = matchBackbone(path, file, new Map(all.map(([each, { shape }]) => [inFile(each), shape])));
    expect(match.missing).toEqual([]);
    for (const [each, variable] of all) {
      const { values } = match.tensors.get(inFile(each))!;
      tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)));
    }
    const { low, high } = tf.tidy(() => network.forward(hashed<tf.Tensor4D>(1, [1, 64, 64, 3]), false));
    const [theirLow, theirHigh] = theirs[NETWORKS.findIndex((each) => each.join() === [name, stem].join())]!;
    expectClose(await readValues(low), theirLow!, 'layer1', 2e-6);
    expectClose(await readValues(high), theirHigh!, 'layer4', 2e-6);
    tf.dispose([low, high, ...all.map(([, variable]) => variable)]);
  });
});
