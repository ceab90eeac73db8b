import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readTensorFile } from '../networks/safetensors.js';
import { tf } from '../operations/tf.js';
import { expectClose } from '../testing/closeness.js';
import { hashed } from '../testing/hashed.js';
import { Recorder, tinyConfig, tinyEngine, tinyFolder, tinyShapes } from '../testing/tiny.js';
import { openBranches } from './branches/open.js';
import { readCheckpoint } from './checkpoint.js';
import { train } from './train.js';

/** Debian's Python, which has python3-torch. The first python3 in PATH may be a different one. */
const PYTHON = '/usr/bin/python3';
const SCRIPT = fileURLToPath(new URL('../testing/checkpoint_in_pytorch.py', import.meta.url));
const hasTorch = spawnSync(PYTHON, ['-c', 'import torch']).status === 0;

describe.skipIf(!hasTorch)('a checkpoint in PyTorch', { timeout: 120_000 }, () => {
  it.each([
    ['resnet18', 'deep'],
    ['resnet50', 'deep'],
    ['resnet18', '7x7'],
    ['resnet50', 'd'],
  ] as const)('gives the same probabilities as in the runner: %s, stem %s', async (backbone, stem) => {
    const engine = await tinyEngine();
    const dataset = await tinyShapes();
    const tracker = new Recorder();
    const config = tinyConfig({ network: { width: 0.0625, backbone, stem }, training: { iterations: 3 } });
    await train({ config, dataset, engine, tracker, workDirectory: await tinyFolder(), resumeFrom: null });
    const { file } = tracker.all('checkpoint').at(-1)!;

    const saved = JSON.parse((await readTensorFile(file)).metadata.crosscheck!);
    const { branches: states } = await readCheckpoint(file, { ...saved, config });
    const branches = await openBranches(
      { config, classes: dataset.descriptor.classes.length, inputChannels: 3 },
      engine,
    );
    await branches.load(states);
    const image = hashed<tf.Tensor4D>(1, [1, 32, 32, 3]);
    const images = image.dataSync<'float32'>().slice();
    const [ours] = await branches.predict({ count: 1, height: 32, width: 32, channels: 3, images });
    await branches.dispose();

    const theirs = JSON.parse(execFileSync(PYTHON, [SCRIPT, file], { encoding: 'utf8', stdio: 'pipe' }));
    const probabilities = tf.tensor1d(ours!);
    expect(theirs).toHaveLength(32 * 32 * dataset.descriptor.classes.length);
    expectClose(probabilities, theirs, 'probabilities');
    tf.dispose([image, probabilities]);
  });
});
