import { loadavg } from 'node:os';
import { openDataset } from '../runner/data/open.js';
import { startRunEngine } from '../runner/run-engine.js';
import { openBranches } from '../runner/training/branches/open.js';
import { ratesAt } from '../runner/training/schedule.js';
import { medianOf } from '../schema/statistics/median.js';
import { Arm, labelledPixels } from './balance/arm.js';
import { configOf, REMEDIES, TOGETHER } from './balance/remedies.js';
import { WARM_UP_STEPS, waitingShare } from './data/waiting.js';

/**
 * Measures what the remedies of `balance` add to a twin step of CPS at the size of `bench:train`, on the wasm engine, and
 * checks the limits of docs/performance.md: remedies 1 to 4 together (sampling, mixing, thresholds, weights), and the share of a
 * step spent waiting for images. Exits with 1 beyond them.
 *
 * Each step with a remedy is compared with one without `balance` just before or after it, by the processor time of one thread,
 * so that what else the machine does changes both. The figures are medians of these ratios. The last line of the output is JSON.
 * `npm run bench:balance -- [steps]`
 */
const ALLOWED_RATIO = 1.15;
const ALLOWED_WAIT = 0.05;

const steps = Number(process.argv[2] ?? 20);
if (!(Number.isInteger(steps) && steps >= 1)) {
  throw new Error(`the number of steps must be a whole number of at least 1; got ${process.argv[2]}`);
}
const load = loadavg()[0]!;
const dataset = await openDataset({ name: 'shapes_longtail', kind: 'shapes_longtail', directory: null });
const engine = await startRunEngine('wasm', undefined, 1);
console.error(engine.reason);
const { plainMs, plainDataMs, ratios, dataRatios } = await measured();
const waiting = await waitingOf(REMEDIES[TOGETHER]!);
const together = ratios[TOGETHER]!;
console.log(
  JSON.stringify({
    bench: 'balance',
    kernels: engine.reason,
    node: process.version,
    loadAtStart: Math.round(100 * load) / 100,
    steps,
    together,
    allowed: ALLOWED_RATIO,
    dataWait: waiting.dataWait,
    allowedWait: ALLOWED_WAIT,
    plainMs,
    ratios,
    // What preparing the images of a step takes, in the thread of the loader.
    plainDataMs,
    dataRatios,
    waiting,
  }),
);
process.exit(together > ALLOWED_RATIO || waiting.dataWait > ALLOWED_WAIT ? 1 : 0);

/** The medians of all remedies. */
async function measured() {
  const plain = await Arm.open(dataset, null);
  const arms = new Map<string, Arm>();
  for (const [name, balance] of Object.entries(REMEDIES)) arms.set(name, await Arm.open(dataset, balance));
  const found = new Map([...arms.keys()].map((name) => [name, { step: [] as number[], data: [] as number[] }]));
  const plainSteps: number[] = [];
  const plainData: number[] = [];
  for (let round = -WARM_UP_STEPS; round < steps; round++) {
    for (const [name, arm] of arms) {
      // Which of the two comes first changes from round to round.
      const first = round % 2 === 0 ? plain : arm;
      const one = await first.next();
      const other = await (first === plain ? arm : plain).next();
      const [without, withRemedy] = first === plain ? [one, other] : [other, one];
      if (round < 0) continue;
      plainSteps.push(without.step);
      plainData.push(without.data);
      found.get(name)!.step.push(withRemedy.step / without.step);
      found.get(name)!.data.push(withRemedy.data / without.data);
    }
  }
  for (const arm of [plain, ...arms.values()]) await arm.close();
  const medians = (of: 'step' | 'data') =>
    Object.fromEntries([...found].map(([name, each]) => [name, rounded(medianOf(each[of])!)]));
  return {
    plainMs: Math.round(medianOf(plainSteps)!),
    plainDataMs: rounded(medianOf(plainData)!),
    ratios: medians('step'),
    dataRatios: medians('data'),
  };
}

/** A run as it trains: each network and the images in a thread of its own. */
async function waitingOf(balance: (typeof REMEDIES)[string]) {
  const config = configOf(balance, WARM_UP_STEPS + Math.max(steps, 20));
  const { classes, channels } = dataset.descriptor;
  const networks = {
    config,
    classes: classes.length,
    inputChannels: channels,
    classPixels: await labelledPixels(dataset, config),
  };
  const branches = await openBranches(networks, engine);
  const share = await waitingShare(dataset, config, async (step, batches) => {
    await branches.step(step, batches, ratesAt(config, step), false);
  });
  await branches.dispose();
  return share;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
