import { branchThread } from '../runner/run-engine.js';
import { DEFAULT_ENGINE_OPTIONS } from '../runner/tracking/engine.js';
import { openBranches } from '../runner/training/branches/open.js';
import { benchConfig, exampleBatches } from './example.js';

/**
 * Checks that the paper's network fits into a wasm heap: one CPS twin step of DeepLabv3+ with ResNet-50 at width 1, 21 classes, 2
 * labelled and 2 unlabelled images of 128x128, each network in a worker thread with its own engine. A second step must not need
 * more. Prints one JSON line; the exit code is 1 if a heap comes close to the 4 GB that 32-bit wasm can address.
 * `npm run bench:memory -- [side of the images]`
 */
const CLASSES = 21;
const ADDRESSABLE_BYTES = 2 ** 32;
/** Share of the heap that may be used. The rest is reserved for fragmentation. */
const ROOM = 0.9;

const side = Number(process.argv[2] ?? 128);
const config = benchConfig({
  network: { backbone: 'resnet50', width: 1 },
  augmentation: { crop: [side, side] },
  training: { batchLabelled: 2, batchUnlabelled: 2 },
});

const opening = performance.now();
const branches = await openBranches(
  { config, classes: CLASSES, inputChannels: 3 },
  {
    name: 'wasm',
    twins: 'workers',
    options: DEFAULT_ENGINE_OPTIONS,
    branchThread: branchThread(),
  },
);
const opened = performance.now();
try {
  const batches = exampleBatches(config, CLASSES);
  const seconds: number[] = [];
  const heaps: (number | null)[][] = [await heapBytes()];
  for (let step = 0; step < 2; step++) {
    const start = performance.now();
    await branches.step(step, batches, { learningRate: 0.0025, fall: 1, ramp: 1, round: 1, restarts: false });
    seconds.push(rounded((performance.now() - start) / 1000));
    heaps.push(await heapBytes());
  }
  const largest = Math.max(...heaps.flat().map(Number));
  const memory = await branches.memory();
  const result = {
    bench: 'resnet50-memory',
    images: `2+2 of ${side}x${side}`,
    node: process.version,
    parameters: branches.parameters[0],
    secondsToOpen: rounded((opened - opening) / 1000),
    secondsPerStep: seconds,
    heapBytesAtStart: heaps[0],
    heapBytesAfterSteps: heaps.slice(1),
    tensorBytesBetweenSteps: memory.map(({ tensorBytes }) => tensorBytes),
    shareOfHeap: rounded(largest / ADDRESSABLE_BYTES),
    processRssBytes: process.memoryUsage().rss,
  };
  console.log(JSON.stringify(result));
  if (largest > ROOM * ADDRESSABLE_BYTES) process.exitCode = 1;
} finally {
  await branches.dispose();
}

async function heapBytes(): Promise<(number | null)[]> {
  return (await branches.memory()).map((each) => each.heapBytes);
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
