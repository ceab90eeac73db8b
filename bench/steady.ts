import { startRunEngine } from '../runner/run-engine.js';
import type { EngineChoice } from '../runner/tracking/engine.js';
import { openBranches } from '../runner/training/branches/open.js';
import { benchConfig, exampleBatches } from './example.js';

/**
 * Checks that training does not leak memory: after many twin steps of CPS at a tiny size, the number of tensors and the size of
 * the heaps must be unchanged, and the memory of JavaScript and of the process must not grow. Node runs with --expose-gc, so that
 * garbage is collected before each measurement. Prints one JSON line with the slopes (least squares over the second half of the
 * steps); the exit code is 1 if something grew. `npm run bench:steady -- [steps] [engine]`
 */
const CLASSES = 5;
const SAMPLE_EVERY = 10;
/** The size of a single activation of this network: 2x8x8 pixels of 16 channels. */
const ALLOWED_BYTES_PER_STEP = 8192;

const steps = Number(process.argv[2] ?? 500);
if (!globalThis.gc)
  throw new Error('the garbage collector is not exposed; use "npm run bench:steady", or node with --expose-gc');
if (!(steps >= 100)) throw new Error(`the number of steps must be at least 100; got ${process.argv[2]}`);
const engine = await startRunEngine((process.argv[3] ?? 'wasm') as EngineChoice);
const config = benchConfig({
  network: { width: 0.0625 },
  augmentation: { crop: [32, 32] },
  training: { batchLabelled: 2, batchUnlabelled: 2 },
});

const branches = await openBranches({ config, classes: CLASSES, inputChannels: 3 }, engine);
try {
  const batches = exampleBatches(config, CLASSES);
  const samples: { step: number; rss: number; tensors: number; heap: number; script: number }[] = [];
  const started = performance.now();
  for (let step = 1; step <= steps; step++) {
    await branches.step(step - 1, batches, { learningRate: 0.01, fall: 1, ramp: 1, round: 1, restarts: false });
    if (step % SAMPLE_EVERY !== 0) continue;
    const memory = await branches.memory();
    samples.push({
      step,
      rss: process.memoryUsage().rss,
      tensors: memory.reduce((sum, each) => sum + each.tensors, 0),
      script: memory.reduce((sum, each) => sum + each.scriptBytes, 0),
      heap: memory.reduce((sum, each) => sum + (each.heapBytes ?? 0), 0),
    });
  }
  const late = samples.filter(({ step }) => step > steps / 2);
  const slope = (value: (sample: (typeof samples)[number]) => number) =>
    leastSquares(late.map((s) => [s.step, value(s)]));
  const result = {
    bench: 'steady',
    engine: engine.name,
    twins: engine.twins,
    node: process.version,
    steps,
    millisecondsPerStep: Math.round(((performance.now() - started) / steps) * 10) / 10,
    tensors: [samples[0]!.tensors, samples.at(-1)!.tensors],
    heapBytes: [samples[0]!.heap, samples.at(-1)!.heap],
    scriptBytes: [samples[0]!.script, samples.at(-1)!.script],
    rssBytes: [samples[0]!.rss, samples.at(-1)!.rss],
    tensorsPerStep: slope(({ tensors }) => tensors),
    heapBytesPerStep: slope(({ heap }) => heap),
    scriptBytesPerStep: Math.round(slope(({ script }) => script)),
    rssBytesPerStep: Math.round(slope(({ rss }) => rss)),
    allowedBytesPerStep: ALLOWED_BYTES_PER_STEP,
  };
  console.log(JSON.stringify(result));
  const grew = result.tensorsPerStep !== 0 || result.heapBytesPerStep !== 0;
  const climbed = Math.max(result.scriptBytesPerStep, result.rssBytesPerStep) > ALLOWED_BYTES_PER_STEP;
  if (grew || climbed) process.exitCode = 1;
} finally {
  await branches.dispose();
}

/** Slope of the least-squares line through the points. */
function leastSquares(points: [x: number, y: number][]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const covariance = mean(points.map(([px, py]) => (px - x) * (py - y)));
  return covariance / mean(points.map(([px]) => (px - x) ** 2));
}
