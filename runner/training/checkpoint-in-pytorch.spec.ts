import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
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

const NETWORKS = [
  ['resnet18', 'deep'],
  ['resnet50', 'deep'],
  ['resnet18', '7x7'],
  ['resnet50', 'd'],
] as const;

/** Trains a network, and returns its last checkpoint and the probabilities that it predicts for an image. */
async function trained([backbone, stem]: (typeof NETWORKS)[number], image: Float32Array) {
  const engine = await tinyEngine();
  const dataset = await tinyShapes();
  const tracker = new Recorder();
  const config = tinyConfig({ network: { width: 0.0625, backbone, stem }, training: { iterations: 3 } });
  await train({ config, dataset, engine, tracker, workDirectory: await tinyFolder(), resumeFrom: null });
  const { file } = tracker.all('checkpoint').at(-1)!;

  const saved = JSON.parse((await readTensorFile(file)).metadata.crosscheck!);
  const { branches: states } = await readCheckpoint(file, { ...saved, config });
  const classes = dataset.descriptor.classes.length;
  const branches = await openBranches({ config, classes, inputChannels: 3 }, engine);
  await branches.load(states);
  const [ours] = await branches.predict({ count: 1, height: 32, width: 32, channels: 3, images: image });
  await branches.dispose();
  expect(ours).toHaveLength(32 * 32 * classes);
  return { file, ours: ours! };
}

describe.skipIf(!hasTorch)('a checkpoint in PyTorch', { timeout: 120_000 }, () => {
  let results: { file: string; ours: Float32Array }[];
  let theirs: number[][];

  beforeAll(async () => {
    await tinyEngine();
    const image = tf.tidy(() => hashed(1, [1, 32, 32, 3]).dataSync<'float32'>().slice());
    results = [];
    for (const network of NETWORKS) results.push(await trained(network, image));
    const files = results.map(({ file }) => file);
    theirs = JSON.parse(
      execFileSync(PYTHON, [SCRIPT, ...files], { encoding: 'utf8', stdio: 'pipe', maxBuffer: 2 ** 26 }),
    );
  });

  it.each(NETWORKS.map(([backbone, stem], index) => ({ backbone, stem, index })))(
    'gives the same probabilities as in the runner: $backbone, stem $stem',
    ({ index }) => expectClose(results[index]!.ours, theirs[index]!, 'probabilities'),
  );
});
