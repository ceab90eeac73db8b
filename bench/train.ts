import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { createInterface } from 'node:readline';
import type { Batch } from '../runner/data/dataset.js';
import { type EngineName, startEngine } from '../runner/engines/engine.js';
import { createNetwork } from '../runner/networks/network.js';
import { openBranches } from '../runner/training/branches/branches.js';
import { parseRunConfig, type RunConfig } from '../schema/run-config.js';

/**
 * How long one twin step of CPS takes: two networks, ResNet-18 layout at width 0.25, 4 labelled and 4 unlabelled images of
 * 96x128, 11 classes, forward, exchange, backward, SGD. Where python3-torch is installed, the same step in PyTorch with two
 * threads alternates with ours, so that both meet the same machine. Prints one JSON line, last; milliseconds.
 * `npm run bench:train -- [steps] [engine]`
 */
const SIZES = { batch: 4, height: 96, width: 128, classes: 11 };
const WARM_UP_STEPS = 3;
/** Debian's, where python3-torch is: a python3 that comes first in the path may be another one. */
const PYTHON = '/usr/bin/python3';

const steps = Number(process.argv[2] ?? 20);
const load = loadavg()[0]!;
const engine = await startEngine((process.argv[3] ?? 'auto') as EngineName | 'auto');
console.error(engine.reason);

const config = benchConfig();
const branches = await openBranches({ config, classes: SIZES.classes }, engine);
const batches = { labelled: exampleBatch(0), unlabelled: exampleBatch(1), unlabelledMix: null };
const torch = startTorch();

const ours: number[] = [];
const theirs: number[] = [];
try {
  for (let step = 0; step < WARM_UP_STEPS + steps; step++) {
    const start = performance.now();
    await branches.step(step, batches, { learningRate: 0.01, crossWeight: 1.5 });
    const milliseconds = performance.now() - start;
    const reference = await torch?.step();
    if (step < WARM_UP_STEPS) continue;
    ours.push(milliseconds);
    if (reference !== undefined) theirs.push(reference);
  }
} finally {
  torch?.child.kill();
  await branches.dispose();
}

const median = (values: number[]) => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const result = {
  bench: 'train',
  engine: engine.name,
  device: engine.device,
  twins: engine.twins,
  node: process.version,
  parameters: branches.parameters,
  steps,
  // Above about 1, other processes took part of both cores and the figures say little.
  loadAtStart: round(load),
  medianMs: round(median(ours)),
  torchMedianMs: torch ? round(median(theirs)) : null,
  ratio: torch ? round(median(ours) / median(theirs)) : null,
};
console.log(JSON.stringify(result));

function benchConfig(): RunConfig {
  const parsed = parseRunConfig({
    dataset: 'none',
    split: { labelledRatio: 0.5 },
    method: { name: 'cps', weight: 1.5 },
    network: { width: 0.25 },
    augmentation: { crop: [SIZES.height, SIZES.width] },
    training: { batchLabelled: SIZES.batch, batchUnlabelled: SIZES.batch },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.config;
}

/** Stripes of every class: what is learnt does not matter, how long it takes does. */
function exampleBatch(phase: number): Batch {
  const { batch, height, width, classes } = SIZES;
  const labels = Uint8Array.from({ length: batch * height * width }, (_, i) => ((i >> 4) + phase) % classes);
  const images = Float32Array.from({ length: 3 * labels.length }, (_, i) => Math.sin(i * (1 + phase)));
  return { count: batch, height, width, images, labels };
}

function startTorch(): { child: ChildProcess; step: () => Promise<number> } | undefined {
  if (spawnSync(PYTHON, ['-c', 'import torch']).status !== 0) {
    console.error('python3-torch is not installed: no comparison');
    return undefined;
  }
  const child = spawn(PYTHON, ['bench/train/torch.py'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify({ ...SIZES, shapes: shapesOfNetwork() })}\n`);
  return {
    child,
    step: async () => {
      child.stdin.write('step\n');
      const { value, done } = await lines.next();
      if (done) throw new Error('bench/train/torch.py ended; its message is above');
      return Number(value);
    },
  };
}

function shapesOfNetwork(): Record<string, number[]> {
  const network = createNetwork(config.network, { classes: SIZES.classes, inputChannels: 3, seed: 0, branch: 1 });
  const shapes = [...network.variables, ...network.buffers].map(([name, variable]) => [name, variable.shape]);
  network.dispose();
  return Object.fromEntries(shapes);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
