import { loadavg } from 'node:os';
import { hasNativeKernels } from '../runner/kernels/wasm/native-kernels.js';
import { startRunEngine } from '../runner/run-engine.js';
import type { KernelChoice } from '../runner/tracking/engine.js';
import type { Branches, RunEngine } from '../runner/training/branches/branches.js';
import { openBranches } from '../runner/training/branches/open.js';
import { medianOf } from '../schema/statistics/median.js';
import { exampleBatches } from './example.js';
import { createPeakMeter } from './train/peak.js';
import { profile } from './train/profile.js';
import { configOf, parseSetting } from './train/setting.js';
import { round, rounded, type Took, timed } from './train/times.js';
import { startTorch } from './train/torch.js';

/**
 * Measures one twin step of CPS (two networks, forward, exchange, backward, optimiser) with each set of kernels that the
 * engine has. If python3-torch is installed, it alternates with the same step in PyTorch with two threads, in each of its
 * memory formats, and with a loop that measures the processor's peak, so that all of them run under the same load.
 * `npm run bench:train -- --help` lists the settings; times are in milliseconds.
 */
const WARM_UP_STEPS = 3;

const setting = parseSetting();
const config = configOf(setting);
const batches = exampleBatches(config, setting.classes);
const load = loadavg()[0]!;
const rates = { learningRate: 0.01, fall: 1, ramp: 1, round: 1, restarts: false } as const;
const options = { kernels: 'auto', adapter: setting.adapter } as const;
const networks = { config, classes: setting.classes, inputChannels: 3 } as const;

const engine = await startRunEngine(setting.engine, options);
console.error(engine.reason);
const torch = startTorch(setting, config);
const sets = await openSets(engine);
const meter = engine.name === 'wasm' ? createPeakMeter() : null;
const times = new Map<string, Took[]>([...sets.keys(), ...torch.keys()].map((name) => [name, []]));
const peaks: number[] = [];
try {
  for (let step = 0; step < WARM_UP_STEPS + setting.steps; step++) {
    const record = (name: string, took: Took) => {
      if (step >= WARM_UP_STEPS) times.get(name)!.push(took);
    };
    for (const [name, branches] of sets) record(name, await timed(() => branches.step(step, batches, rates)));
    for (const [name, reference] of torch) record(name, await reference.step());
    if (meter && step >= WARM_UP_STEPS) peaks.push(meter());
  }
} finally {
  for (const { stop } of torch.values()) stop();
  for (const branches of sets.values()) await branches.dispose();
}

const medians = over((values) => medianOf(values)!);
const best = [...sets.keys()][0]!;
/** The faster of PyTorch's memory formats, which the ratios are relative to. */
const reference = [...torch.keys()].toSorted((a, b) => medians.get(a)! - medians.get(b)!)[0] ?? null;
const { percent, gflop, timedOn } = await profile(networks, batches, { rates, warmUp: WARM_UP_STEPS });
const gflopPerSecond = new Map([...medians].map(([name, ms]) => [name, (1000 * gflop) / ms] as const));
const peak = meter ? medianOf(peaks)! : null;
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
    reference,
    ratio: reference && round(medians.get(best)! / medians.get(reference)!),
    ratios: relative(medians),
    // Of the shortest steps, and of the processor's time: other processes change these less.
    ratiosOfLeast: relative(over((values) => Math.min(...values))),
    ratiosOfProcessorTime: relative(over((values) => medianOf(values)!, 'processorMs')),
    medianMs: rounded(medians),
    gflopPerStep: round(gflop),
    gflopPerSecond: rounded(gflopPerSecond),
    peakGflopPerSecond: peak && round(peak),
    shareOfPeak: peak && rounded([...gflopPerSecond].map(([name, value]) => [name, value / peak])),
    sharesPercent: percent,
    sharesTimedOn: timedOn,
  }),
);
// A GPU keeps the process alive.
process.exit();

/** A statistic of the times of each set of kernels and reference. */
function over(statistic: (values: number[]) => number, of: keyof Took = 'milliseconds'): Map<string, number> {
  return new Map([...times].map(([name, each]) => [name, statistic(each.map((took) => took[of]))]));
}

/** The values, relative to the smaller one of PyTorch's memory formats. Null without PyTorch. */
function relative(values: Map<string, number>): Record<string, number> | null {
  if (torch.size === 0) return null;
  const least = Math.min(...[...torch.keys()].map((name) => values.get(name)!));
  return rounded([...values].map(([name, value]) => [name, value / least]));
}

/**
 * The networks, once per set of kernels, beginning with the set that `auto` chooses. Networks in this thread share its engine,
 * which has only one set.
 */
async function openSets(engine: RunEngine): Promise<Map<string, Branches>> {
  const open = (kernels: KernelChoice) => openBranches(networks, { ...engine, options: { ...options, kernels } });
  if (engine.twins === 'together' || engine.name !== 'wasm') return new Map([[engine.name, await open('auto')]]);
  const names = hasNativeKernels() ? (['native', 'simd'] as const) : (['simd'] as const);
  const sets = new Map<string, Branches>();
  for (const name of names) sets.set(name, await open(name));
  return sets;
}
