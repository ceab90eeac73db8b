import { startRunEngine } from '../runner/run-engine.js';
import type { Branches } from '../runner/training/branches/branches.js';
import { openTogether } from '../runner/training/branches/together.js';
import type { RunConfigInput } from '../schema/run-config.js';
import { benchConfig, exampleBatches } from './example.js';

/**
 * Measures what the remedies of `balance` add to a twin step of CPS at the size of `bench:train`, on the wasm engine.
 * Steps with and without a remedy alternate in one thread, and of each the one that took the least processor time is compared,
 * because other programs only add to it. The last line of the output is JSON; ratios are relative to a step without `balance`.
 * `npm run bench:balance -- [steps]`
 */
const WARM_UP_STEPS = 2;
const CLASSES = 11;
/** Labelled pixels per class: one in a thousand is of the rarest. */
const PIXELS = Array.from({ length: CLASSES }, (_, index) => Math.round(1e6 / 2 ** index));

const REMEDIES: Record<string, RunConfigInput['balance']> = {
  none: null,
  'class confidence': {},
  'median frequency': { weights: { name: 'median_frequency' } },
  'median frequency, pseudo-labels too': { weights: { name: 'median_frequency', pseudoLabels: true } },
  'logit adjustment, pseudo-labels too': { weights: { name: 'logit_adjustment', pseudoLabels: true } },
  'focal alone': { losses: { crossEntropy: 0, focal: {} } },
  'and Dice': { losses: { dice: {} } },
  'and Lovász': { losses: { lovasz: {} } },
};

const steps = Number(process.argv[2] ?? 20);
if (!(steps >= 1)) throw new Error(`the number of steps must be at least 1; got ${process.argv[2]}`);
const rates = { learningRate: 0.01, fall: 1, ramp: 1, round: 1, restarts: false } as const;

const engine = await startRunEngine('wasm', undefined, 1);
console.error(engine.reason);
console.log(
  JSON.stringify({ bench: 'balance', kernels: engine.reason, node: process.version, steps, ...(await measured()) }),
);

async function measured() {
  const opened = new Map<string, Branches>();
  const milliseconds = new Map<string, number[]>();
  for (const [name, balance] of Object.entries(REMEDIES)) {
    opened.set(
      name,
      await openTogether({ config: configOf(balance), classes: CLASSES, inputChannels: 3, classPixels: PIXELS }),
    );
    milliseconds.set(name, []);
  }
  const batches = exampleBatches(configOf(null), CLASSES);
  for (let step = 0; step < WARM_UP_STEPS + steps; step++) {
    for (const [name, branches] of opened) {
      const before = process.cpuUsage();
      await branches.step(step, batches, rates);
      const { user, system } = process.cpuUsage(before);
      if (step >= WARM_UP_STEPS) milliseconds.get(name)!.push((user + system) / 1000);
    }
  }
  for (const branches of opened.values()) await branches.dispose();
  const plain = Math.min(...milliseconds.get('none')!);
  const ratios = Object.fromEntries([...milliseconds].map(([name, each]) => [name, round(Math.min(...each) / plain)]));
  return { milliseconds: Math.round(plain), ratios };
}

function configOf(balance: RunConfigInput['balance']) {
  return benchConfig({
    method: { name: 'cps' },
    network: { backbone: 'resnet18', width: 0.25 },
    augmentation: { crop: [96, 128] },
    training: { batchLabelled: 4, batchUnlabelled: 4 },
    balance,
  });
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
