import { loadavg } from 'node:os';
import { profileKernels } from '../runner/engines/profile.js';
import { hasNativeKernels } from '../runner/kernels/wasm/native-kernels.js';
import { startRunEngine } from '../runner/run-engine.js';
import type { KernelChoice } from '../runner/tracking/engine.js';
import type { Branches, RunEngine } from '../runner/training/branches/branches.js';
import { openBranches } from '../runner/training/branches/open.js';
import { openTogether } from '../runner/training/branches/together.js';
import { exampleBatches } from './example.js';
import { configOf, parseSetting } from './train/setting.js';
import { type Shares, sharesOf } from './train/shares.js';
import { startTorch } from './train/torch.js';

/**
 * Measures one twin step of CPS (two networks, forward, exchange, backward, optimiser) with each set of kernels that the
 * engine has. If python3-torch is installed, it alternates with the same step in PyTorch with two threads, so that both run
 * under the same load.
 * `npm run bench:train -- --help` lists the settings; times are in milliseconds.
 */
const WARM_UP_STEPS = 3;
const PROFILED_STEPS = 3;

const setting = parseSetting();
const config = configOf(setting);
const batches = exampleBatches(config, setting.classes);
const load = loadavg()[0]!;
const rates = { learningRate: 0.01, fall: 1, ramp: 1, round: 1, restarts: false } as const;
const options = { kernels: 'auto', adapter: setting.adapter } as const;

const engine = await startRunEngine(setting.engine, options);
console.error(engine.reason);
const torch = startTorch(setting, config);
const sets = await openSets(engine);
const times = new Map<string, number[]>([...sets.keys(), ...(torch ? ['torch'] : [])].map((name) => [name, []]));
try {
  for (let step = 0; step < WARM_UP_STEPS + setting.steps; step++) {
    const record = (name: string, milliseconds: number) => {
      if (step >= WARM_UP_STEPS) times.get(name)!.push(milliseconds);
    };
    for (const [name, branches] of sets) {
      const start = performance.now();
      await branches.step(step, batches, rates);
      record(name, performance.now() - start);
    }
    if (torch) record('torch', await torch.step());
  }
} finally {
  torch?.stop();
  for (const branches of sets.values()) await branches.dispose();
}

const medians = Object.fromEntries([...times].map(([name, values]) => [name, median(values)]));
const best = [...sets.keys()][0]!;
const ratios = torch
  ? Object.fromEntries([...sets.keys()].map((name) => [name, medians[name]! / medians.torch!]))
  : null;
const { percent, gflop } = await profile();
const { backbone, width, batch, crop, classes, optimiser, steps } = setting;
console.log(
  JSON.stringify({
    bench: 'train',
    engine: engine.name,
    device: engine.device,
    kernels: engine.reason,
    twins: engine.twins,
    node: process.version,
    setting: { backbone, width, batch, crop, classes, optimiser, steps },
    // Above about 1, other processes used both cores too: the times are then unreliable, the ratios less so.
    loadAtStart: round(load),
    ratio: ratios && round(ratios[best]!),
    ratios: ratios && rounded(ratios),
    medianMs: rounded(medians),
    gflopPerStep: round(gflop),
    gflopPerSecond: rounded(
      Object.fromEntries(Object.entries(medians).map(([name, ms]) => [name, (1000 * gflop) / ms])),
    ),
    sharesPercent: percent,
  }),
);

/**
 * The networks, once per set of kernels, beginning with the set that `auto` chooses. Networks in this thread share its engine,
 * which has only one set.
 */
async function openSets(engine: RunEngine): Promise<Map<string, Branches>> {
  const open = (kernels: KernelChoice) =>
    openBranches(
      { config, classes: setting.classes, inputChannels: 3 },
      { ...engine, options: { ...options, kernels } },
    );
  if (engine.twins === 'together' || engine.name !== 'wasm') return new Map([[engine.name, await open('auto')]]);
  const names = hasNativeKernels() ? (['native', 'simd'] as const) : (['simd'] as const);
  const sets = new Map<string, Branches>();
  for (const name of names) sets.set(name, await open(name));
  return sets;
}

/** What a step of both networks in this thread consists of, with the kernels that `auto` chooses. */
async function profile(): Promise<Shares> {
  const branches = await openTogether({ config, classes: setting.classes, inputChannels: 3 });
  for (let step = 0; step < WARM_UP_STEPS; step++) await branches.step(step, batches, rates);
  const read = profileKernels();
  const start = performance.now();
  for (let step = 0; step < PROFILED_STEPS; step++) await branches.step(step, batches, rates);
  const milliseconds = (performance.now() - start) / PROFILED_STEPS;
  await branches.dispose();
  return sharesOf(read(), PROFILED_STEPS, milliseconds);
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function rounded(values: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value)]));
}
