import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig, RunConfigInput } from '../../schema/run-config.js';
import type { OpenDataset } from '../data/dataset.js';
import { toPytorch } from '../networks/filter-layout.js';
import { createNetwork } from '../networks/network.js';
import { readTensorFile, type TensorSource, writeTensorFile } from '../networks/safetensors.js';
import type { NetworkShape } from '../networks/segmentation-network.js';
import { tf } from '../operations/tf.js';
import { Recorder, tinyConfig, tinyEngine, tinyFolder, tinyShapes } from '../testing/tiny.js';
import type { RunEngine } from './branches/branches.js';
import { prepareRun } from './setup.js';
import { train } from './train.js';

let engine: RunEngine;
let dataset: OpenDataset;

beforeAll(async () => {
  engine = await tinyEngine();
  dataset = await tinyShapes();
});

const WIDTH = 0.0625;

/** Writes a file with the backbone of another network, under torchvision's names, without the names that `leaveOut` matches. */
async function writeBackbone(leaveOut = /^fc/, changes: Partial<NetworkShape> = {}): Promise<string> {
  const config = tinyConfig().network;
  const network = createNetwork(
    { ...config, width: WIDTH, ...changes },
    { classes: 3, inputChannels: 3, seed: 99, branch: 2 },
  );
  const tensors: Record<string, TensorSource> = {};
  for (const [name, variable] of [...network.variables, ...network.buffers]) {
    const inFile = name.replace(/^backbone\./, '');
    if (inFile === name || leaveOut.test(inFile)) continue;
    // Different from a network's initial statistics, so that a forgotten one is noticed.
    const values = (variable.dataSync<'float32'>() as Float32Array).map((v) => (variable.rank === 1 ? v + 0.25 : v));
    const { shape } = variable;
    const turned = shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;
    tensors[inFile] = { shape: turned, values: () => toPytorch({ shape, values }) };
  }
  network.dispose();
  const file = join(await tinyFolder(), 'backbone.safetensors');
  await writeTensorFile(file, { tensors, metadata: {} });
  return file;
}

/** Narrow, so that a test takes a second. Only stored configurations may be: see parseStoredConfig. */
function configWith(
  source: string,
  { network, ...changes }: { network?: Partial<RunConfig['network']>; training?: RunConfigInput['training'] } = {},
): RunConfig {
  const config = tinyConfig({ method: { name: 'cps' }, training: { iterations: 2 }, ...changes });
  return { ...config, network: { ...config.network, width: WIDTH, pretrained: { source, sha256: null }, ...network } };
}

const allowing = (source: string) => ({ folders: [dirname(source)], hosts: [] });

async function prepare(source: string, twins: RunEngine['twins'] = 'together') {
  const tracker = new Recorder();
  const allowed = allowing(source);
  const options = { dataset, tracker, engine: { ...engine, twins }, resumeFrom: null, allowed };
  const run = await prepareRun({ ...options, config: configWith(source), workDirectory: await tinyFolder() });
  const states = await run.branches.save();
  await run.close();
  return { states, lines: tracker.lines };
}

const bytes = (values: Float32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

describe('a run with pretrained weights', { timeout: 120_000 }, () => {
  it.each(['together', 'workers'] as const)(
    'starts both networks from them (%s), so that only the heads differ',
    async (twins) => {
      const source = await writeBackbone();
      const { tensors } = await readTensorFile(source);
      const { states, lines } = await prepare(source, twins);
      const compared = { same: 0, different: 0 };
      for (const [name, { shape, values }] of Object.entries(states[0]!)) {
        const [, group, inFile] = /^(weights|statistics|momentum)\.backbone\.(.+)$/.exec(name) ?? [];
        if (inFile && group !== 'momentum') {
          expect(bytes(toPytorch({ shape, values })).equals(bytes(tensors[inFile]!.values)), name).toBe(true);
          compared.same += 1;
        }
        const twin = bytes(states[1]![name]!.values).equals(bytes(values));
        if (name.startsWith('weights.head.') && shape.length === 4) {
          expect(twin, `${name} in both`).toBe(false);
          compared.different += 1;
        } else if (inFile) expect(twin, `${name} in both`).toBe(true);
      }
      expect(compared.same).toBe(Object.keys(tensors).length);
      expect(compared.different).toBeGreaterThan(5);
      const all = Object.keys(tensors).length;
      expect(lines.join('\n')).toContain(`INFO pretrained weights ${source} (SHA-256`);
      const text = `${all} of ${all} tensors of the backbone loaded; always random: head (34 tensors), classifier (2 tensors)`;
      expect(lines.join('\n')).toContain(text);
    },
  );

  it('starts each of two networks that differ from its own file, or one of them from random weights', async () => {
    const [one, two] = [await writeBackbone(), await writeBackbone(/^fc/, { backbone: 'resnet34' })];
    const second = { backbone: 'resnet34', stem: null, width: null } as const;
    const start = async (network: Partial<RunConfig['network']>) => {
      const tracker = new Recorder();
      const allowed = { folders: [dirname(one), dirname(two)], hosts: [] };
      const options = { dataset, tracker, engine, resumeFrom: null, allowed, workDirectory: await tinyFolder() };
      const run = await prepareRun({ ...options, config: configWith(one, { network }) });
      const states = await run.branches.save();
      await run.close();
      return { states, loaded: run.loaded };
    };
    const both = await start({ second: { ...second, pretrained: { source: two, sha256: null } } });
    expect(both.loaded).toEqual([
      expect.stringContaining(`${one} (SHA-256`),
      expect.stringMatching(/of network 2: 195 of 195 tensors of the backbone loaded/),
    ]);
    for (const [i, file] of [one, two].entries()) {
      const { tensors } = await readTensorFile(file);
      for (const name of ['conv1.0.weight', 'layer4.1.bn2.running_var']) {
        const group = name.endsWith('var') ? 'statistics' : 'weights';
        const { shape, values } = both.states[i]![`${group}.backbone.${name}`]!;
        expect(bytes(toPytorch({ shape, values })).equals(bytes(tensors[name]!.values)), `${i + 1} ${name}`).toBe(true);
      }
    }
    const first = await start({ second: { ...second, pretrained: null } });
    expect(first.loaded).toEqual([expect.stringContaining('of network 1')]);
    const random = await start({ pretrained: null, second: { ...second, pretrained: null } });
    expect(random.loaded).toEqual([]);
    const name = 'weights.backbone.conv1.0.weight';
    const equal = (a: typeof random, b: typeof random, i: number) =>
      bytes(a.states[i]![name]!.values).equals(bytes(b.states[i]![name]!.values));
    expect([0, 1].map((i) => equal(first, random, i))).toEqual([false, true]);
    expect([0, 1].map((i) => equal(both, first, i))).toEqual([true, false]);
    await expect(
      start({ second: { ...second, stem: '7x7', pretrained: { source: two, sha256: null } } }),
    ).rejects.toThrow('the file has a deep stem with 64, 64 and 128 channels: set network.second.stem to deep');
  });

  it('gives both networks the same random values for tensors missing in the file, and names these in a warning', async () => {
    const { states, lines } = await prepare(await writeBackbone(/^(conv1|bn1)\./));
    const [first, second] = states.map((state) => state['weights.backbone.conv1.0.weight']!.values);
    expect(bytes(first!).equals(bytes(second!))).toBe(true);
    const warning = lines.find((line) => line.startsWith('WARN'));
    expect(warning).toContain(
      'not loaded, so initialised at random: 15 tensors, conv1.0 (weight), conv1.1 (weight, bias',
    );
  });

  it('fails with the reason when the file is for another width, and leaks no tensors', async () => {
    const source = await writeBackbone();
    const run = async (width: number) => {
      const config = configWith(source, { network: { width } });
      const allowed = allowing(source);
      const options = { config, dataset, engine, tracker: new Recorder(), resumeFrom: null, allowed };
      return train({ ...options, workDirectory: await tinyFolder() });
    };
    expect(await run(WIDTH)).toEqual({ outcome: 'completed' });
    const before = tf.memory().numTensors;
    const end = await run(0.25);
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('conv1.0.weight has shape [4,3,3,3]'),
    });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads no file that the owner of the machine does not allow', async () => {
    const source = await writeBackbone();
    const privately: string[] = [];
    const options = { config: configWith(source), dataset, engine, tracker: new Recorder(), resumeFrom: null };
    const end = await train({
      ...options,
      workDirectory: await tinyFolder(),
      privately: (line) => privately.push(line),
    });
    expect(end).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining('are not available on this runner'),
    });
    expect(privately).toEqual([expect.stringContaining('is outside the allowed folders')]);
  });

  it('resumes from its checkpoint without the file', async () => {
    const source = await writeBackbone();
    const tracker = new Recorder();
    const config = configWith(source, { training: { iterations: 2, checkpointEvery: 1 } });
    const options = { config, dataset, engine, tracker, allowed: allowing(source) };
    await train({ ...options, workDirectory: await tinyFolder(), resumeFrom: null });
    const { file } = tracker.all('checkpoint').find(({ step }) => step === 1)!;
    await rm(source);
    const rest = new Recorder();
    const end = await train({ ...options, tracker: rest, workDirectory: await tinyFolder(), resumeFrom: file });
    expect(end).toEqual({ outcome: 'completed' });
    expect(rest.numbers()).toEqual(tracker.numbers().filter(({ step }) => step > 1));
  });
});
