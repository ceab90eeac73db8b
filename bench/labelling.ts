import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { OpenDataset } from '../runner/data/dataset.js';
import { asConfigured } from '../runner/data/images/rescale.js';
import { openDataset } from '../runner/data/open.js';
import { openSplit } from '../runner/data/splits/splits.js';
import { startRunEngine } from '../runner/run-engine.js';
import type { RecordMessage, Records, Tracker } from '../runner/tracking/tracker.js';
import { train } from '../runner/training/train.js';
import type { RunConfig } from '../schema/run-config.js';
import { benchConfig } from './example.js';
import { copyWithCorruptedLabels } from './labelling/corrupt-labels.js';
import { scoreLists } from './labelling/hidden-labels.js';
import { scoreDoubts } from './labelling/suspicious-labels.js';

/**
 * Measures what the lists of images to label next and of suspicious labels are worth, on a folder dataset such as camvid-small in
 * the setting of docs/results/camvid.md. `--part next` hides the labels of all but 22 images and scores the lists of the others by
 * their true labels. `--part suspicious` changes the label of one component in some of the 22. The output is one line of JSON.
 * `npm run bench:labelling -- --data DIR [--part next|suspicious] [--method supervised|cps_cutmix] [--iterations N] [--seed N]
 *   [--labelled N] [--corrupted N] [--rare CLASS,CLASS] [--first N] [--records FILE]`; FILE gets what the run reported, as JSON.
 */
const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    part: { type: 'string', default: 'next' },
    method: { type: 'string', default: 'supervised' },
    iterations: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '0' },
    labelled: { type: 'string', default: '22' },
    corrupted: { type: 'string', default: '8' },
    rare: { type: 'string', default: 'pole,sign_symbol,fence,pedestrian,bicyclist' },
    first: { type: 'string', default: '10' },
    records: { type: 'string' },
  },
});
if (!options.data) throw new Error('--data DIR is missing: the folder of a dataset with train/images and train/labels');

const IMAGE_SCALE = 0.5;
const seed = Number(options.seed);
const config: RunConfig = benchConfig({
  dataset: 'labelling',
  data: { imageScale: IMAGE_SCALE },
  split: { labelledImages: Number(options.labelled), seed: 0 },
  method: methodOf(options.method!),
  network: { backbone: 'resnet18', width: 0.25, outputStride: 16 },
  optimiser: { learningRate: 0.1 },
  augmentation: { crop: [72, 96], scales: [1, 1.25, 1.5, 1.75] },
  training: {
    iterations: Number(options.iterations),
    ...{ batchLabelled: 8, batchUnlabelled: 8, sampleImages: 0, evaluateImages: 1 },
    ...{ evaluateEvery: 1e6, checkpointEvery: 1e6, sampleEvery: 1e6, logEvery: 50 },
  },
  seed,
});
const engine = await startRunEngine('wasm', undefined, 1);
const folder = await mkdtemp(join(tmpdir(), 'crosscheck-labelling-'));
try {
  const result = options.part === 'suspicious' ? await suspicious() : await next();
  const { part, method, iterations } = options;
  console.log(JSON.stringify({ bench: 'labelling', part, method, iterations: Number(iterations), seed, ...result }));
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function next() {
  const dataset = await open(options.data!);
  const { records, ...timing } = await trained(dataset);
  const reviews = records('imageReview');
  const scaled = asConfigured(dataset, config.data);
  const names = dataset.descriptor.classes.map(({ name }) => name);
  const truth = new Map<string, number[]>();
  for (const { imageId } of reviews) {
    const { labels } = await scaled.load('TRAIN', imageId);
    truth.set(
      imageId,
      names.map((_, index) => labels.filter((label) => label === index).length),
    );
  }
  const rare = options.rare!.split(',');
  const { labelledPixels } = records('classCounts').at(-1)!;
  const lists = scoreLists(reviews, truth, { names, labelledPixels, rare, first: Number(options.first) });
  return { ...timing, images: reviews.length, first: Number(options.first), ...lists };
}

async function suspicious() {
  const clean = await open(options.data!);
  const { labelled } = await openSplit(clean, config.split);
  const ids = labelled.filter((_, i) => (i * Number(options.corrupted)) % labelled.length < Number(options.corrupted));
  const directory = join(folder, 'corrupted');
  const corrupted = await copyWithCorruptedLabels(clean, ids, { directory, seed });
  const { records, ...timing } = await trained(await open(directory));
  const scores = scoreDoubts(records('labelReview'), corrupted, IMAGE_SCALE, [5, 10, 20]);
  return { ...timing, labelled: labelled.length, corrupted: corrupted.length, scores };
}

/** With one image of val and of test, because their scores are not used. */
async function open(directory: string): Promise<OpenDataset> {
  const dataset = await openDataset({ name: 'labelling', kind: 'folder', directory });
  return { ...dataset, ids: (subset) => (subset === 'TRAIN' ? dataset.ids(subset) : dataset.ids(subset).slice(0, 1)) };
}

/** Trains and returns what was reported, with the processor time of all of it and the review's share of it. */
async function trained(dataset: OpenDataset) {
  const messages: RecordMessage<Records>[] = [];
  const seconds = () => process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6;
  const started = seconds();
  let finished = started;
  const tracker: Tracker = {
    report(kind, record) {
      messages.push({ kind, record } as RecordMessage<Records>);
      if (kind === 'evaluation') finished = seconds();
      if (kind === 'points') console.error(`step ${(record as Records['points']).step}`);
      if (kind === 'log') console.error((record as Records['log']).message);
    },
    stopRequest: () => null,
    progress: () => {},
  };
  const end = await train({ config, dataset, engine, tracker, workDirectory: folder, resumeFrom: null });
  if (end.outcome !== 'completed') throw new Error(JSON.stringify(end));
  const records = <Kind extends keyof Records>(kind: Kind) =>
    messages.flatMap((message) => (message.kind === kind ? [message.record as Records[Kind]] : []));
  if (options.records)
    await writeFile(options.records, JSON.stringify(messages.filter(({ kind }) => kind !== 'reviewPicture')));
  // A run reviews its images after the last evaluation.
  const reviewShare = (seconds() - finished) / (seconds() - started);
  return { records, seconds: Math.round(seconds() - started), reviewShare: Math.round(1000 * reviewShare) / 1000 };
}

function methodOf(name: string): RunConfig['method'] {
  const rampUp = { weight: 1, rampUp: 0.3 };
  return (name === 'cps_cutmix' || name === 'cps' ? { name, ...rampUp } : { name }) as RunConfig['method'];
}
