import { join } from 'node:path';
import { classWeightWords } from '../../schema/class-weight-words.js';
import { networkOf, type OneNetworkConfig, type RunConfig } from '../../schema/run-config.js';
import type { OpenDataset, StepBatches } from '../data/dataset.js';
import { openLoaderThread } from '../data/loading/loader-thread.js';
import { adaptToNetworks } from '../data/mixing/adapt-to-networks.js';
import { type AllowedSources, NOTHING_ALLOWED } from '../files/allowed-sources.js';
import { defaultWeightsCache, openWeights, type PretrainedWeights } from '../networks/pretrained/open-weights.js';
import {
  type AlarmRecord,
  logTo,
  type RunSetup,
  reportPoints,
  type Subset,
  type Tracker,
} from '../tracking/tracker.js';
import { ClassConfidence } from './balance/class-confidence.js';
import { branchFactors } from './balance/class-factors.js';
import { samplingInWords } from './balance/sampling.js';
import { Batches } from './batches.js';
import { BestOnVal } from './best-on-val.js';
import type { Branches, RunEngine } from './branches/branches.js';
import { openBranches } from './branches/open.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { addedUp } from './data-warnings.js';
import { evaluate } from './evaluate.js';
import { reportableImages } from './image-counts.js';
import { reviewImages } from './labelling/review.js';
import { Meters } from './meters.js';
import { type StartingWeights, startFromPretrained } from './pretrained.js';
import { Sampler } from './samples.js';
import { TrainingClock } from './training-clock.js';
import { firstUnlabelledStep, forLoader, openTrainingData } from './training-data.js';
import { Watch } from './watch.js';

export interface TrainOptions {
  config: RunConfig;
  dataset: OpenDataset;
  engine: RunEngine;
  tracker: Tracker;
  /** An existing folder for checkpoints. */
  workDirectory: string;
  /** A checkpoint file to resume from. */
  resumeFrom: string | null;
  /** The cache folder for downloaded pretrained weights; `defaultWeightsCache()` by default. */
  cacheDirectory?: string;
  /** Where pretrained weights may come from; nowhere by default. */
  allowed?: AllowedSources | undefined;
  /** For lines that only the machine's owner may read. By default, they are dropped. */
  privately?: ((message: string) => void) | undefined;
}

/** The result of an evaluation. */
export interface EvaluationResult {
  /** mIoU of each network, by the name of its series. Empty if the subset is empty. */
  scores: Record<string, number>;
  /** The alarm that must stop the run, if any. */
  alarm: AlarmRecord | null;
}

/** A run that is ready to train: everything its loop needs, restored from the checkpoint if there is one. */
export interface PreparedRun {
  /** Iterations done. */
  step: number;
  /** Whether the evaluation, samples and checkpoint after this step are still due. */
  evaluationDue: boolean;
  /** What was found out while setting up the run. */
  found: RunSetup;
  /** What looks wrong with the data, in one line each. */
  warnings: readonly string[];
  /** What was loaded from pretrained weights: a line for each file. */
  loaded: readonly string[];
  branches: Branches;
  batches: Batches;
  meters: Meters;
  sampler: Sampler;
  watch: Watch;
  clock: TrainingClock;
  best: BestOnVal;
  /** Null if the run has no section `balance`. */
  confidence: ClassConfidence | null;
  /** Does the part of `balance.mixing` that depends on the networks. */
  mix(step: number, batches: StepBatches): void;
  /**
   * Evaluates all networks on a subset and reports the results; on VAL, also pseudo-labels and alarms. Returns null and
   * reports nothing if a stop request arrives in between.
   */
  evaluate(step: number, subset: Subset, images: number | null): Promise<EvaluationResult | null>;
  /** Reports which unlabelled images to label next and which labels may be wrong. False if a stop request arrives in between. */
  review(step: number): Promise<boolean>;
  checkpoint(step: number, evaluationDue: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * @throws Error when the dataset, the split, the checkpoint or the pretrained weights do not fit the configuration; the
 * message says why.
 */
export async function prepareRun(options: TrainOptions): Promise<PreparedRun> {
  const { config, engine, tracker } = options;
  const { dataset, split, streams, classPixels, warnings } = await openTrainingData(options);
  const { descriptor } = dataset;
  const labels = addedUp(classPixels, descriptor.classes.length);
  const identity = { config, splitHash: split.hash, datasetFingerprint: descriptor.fingerprint };
  const unlabelledFrom = firstUnlabelledStep(config);
  const sampling = config.balance?.sampling;
  const prepared = { split, config, streams, unlabelledFrom, ...forLoader(config, classPixels) };
  const loader = await openLoaderThread({ dataset: options.dataset, ...prepared });
  const { saved, branches, loaded } = await openNetworks(options, identity, labels.pixels).catch(async (error) => {
    await loader.close();
    throw error;
  });
  const meters = new Meters(saved?.state.meters);
  const names = descriptor.classes.map(({ name }) => name);
  const watch = new Watch(config, { names, labels }, tracker, saved?.state);
  const clock = new TrainingClock(config.training.maxHours, saved?.state.trainedSeconds);
  const confidence = config.balance && new ClassConfidence(names, saved?.state.classConfidence);
  const best = new BestOnVal(config, branches, saved?.state.best);
  const { onLabels } = branchFactors(config.balance, labels.pixels);
  const found: RunSetup = {
    engine: engine.name,
    device: engine.device,
    splitHash: split.hash,
    labelledImages: split.labelled.length,
    unlabelledImages: split.unlabelled.length,
    parameters: branches.parameters[0]!,
    ...(config.network.second && { secondParameters: branches.parameters[1]! }),
    ...(onLabels && { classWeights: onLabels.weights, logitOffsets: onLabels.offsets }),
  };
  tracker.report('setup', found);
  logTo(tracker, 'INFO', `engine ${engine.name} on ${engine.device} (${engine.reason})`);
  logTo(tracker, 'INFO', `${split.labelled.length} labelled and ${split.unlabelled.length} unlabelled training images`);
  if (config.network.second) for (const line of networkLines(config, branches)) logTo(tracker, 'INFO', line);
  if (sampling) logTo(tracker, 'INFO', samplingInWords(sampling, labels.pixels, names));
  const weights = classWeightWords(found, names);
  if (weights) logTo(tracker, 'INFO', weights);
  if (split.inBoth.length > 0) {
    logTo(
      tracker,
      'WARN',
      `the split's lists have ${split.inBoth.length} images in common: ${split.inBoth.slice(0, 25).join(', ')}`,
    );
  }
  for (const message of warnings) {
    logTo(tracker, 'WARN', message);
    // A resumed run may have begun with a version that did not report it. The server keeps one of each.
    tracker.report('alarm', { step: 0, kind: 'DATA', network: null, classIndex: null, message });
  }
  if (saved) logTo(tracker, 'INFO', `resuming from the checkpoint at step ${saved.state.step}`);
  const reportable = reportableImages(tracker);
  const stopped = (step: number): boolean => {
    tracker.progress('evaluation', step);
    return tracker.stopRequest() !== null;
  };

  return {
    step: saved?.state.step ?? 0,
    evaluationDue: saved?.state.evaluationDue ?? false,
    found,
    warnings,
    loaded,
    branches,
    batches: new Batches(loader, config.training.iterations),
    meters,
    sampler: new Sampler(dataset, tracker, config.training.sampleImages),
    watch,
    clock,
    best,
    confidence,
    mix(step, batches) {
      if (!config.balance || !confidence) return;
      const { mixing } = config.balance;
      const strength = { confidence: confidence.values, classPixels: labels.pixels };
      adaptToNetworks(step, batches, { mixing, ...strength, seed: config.seed });
    },
    async evaluate(step, subset, images) {
      const confusions = await evaluate({ branches, dataset, subset, images, stopped: () => stopped(step) });
      if (!confusions) return null;
      const scores: Record<string, number> = {};
      for (const [network, confusion] of confusions) {
        const { counts } = confusion;
        tracker.report('evaluation', {
          step,
          network,
          subset,
          confusion: counts,
          images: reportable(confusion.images()),
          confidences: confusion.confidence.means(),
        });
        scores[`miou/${network.toLowerCase()}`] = confusion.meanIou();
      }
      if (subset !== 'VAL') return { scores, alarm: null };
      await best.evaluated(step, scores['miou/branch1']);
      if (confidence) reportPoints(tracker, step, confidence.series());
      const all = dataset.ids(subset).length;
      const comparable = Math.min(images ?? all, all) === Math.min(config.training.evaluateImages ?? all, all);
      return { scores, alarm: watch.evaluated(step, confusions, comparable) };
    },
    review: (step) =>
      reviewImages({
        ...{ config, branches, dataset, split, tracker, step, labelledPixels: labels.pixels },
        stopped: () => stopped(step),
      }),
    async checkpoint(step, evaluationDue) {
      tracker.progress('checkpoint', step);
      const file = join(options.workDirectory, `step-${step}.safetensors`);
      const state = {
        step,
        evaluationDue,
        ...identity,
        meters: meters.save(),
        ...watch.save(),
        ...clock.save(),
        ...best.save(),
        ...(confidence && { classConfidence: confidence.save() }),
      };
      await writeCheckpoint(file, state, await branches.save());
      tracker.report('checkpoint', { step, file });
    },
    async close() {
      try {
        await loader.close();
      } finally {
        await branches.dispose();
      }
    },
  };
}

type Identity = Parameters<typeof readCheckpoint>[1];

/** Opens the networks in the state in which the run starts or resumes. */
async function openNetworks(
  options: TrainOptions,
  identity: Identity,
  classPixels: readonly number[],
): Promise<{ saved: Awaited<ReturnType<typeof readCheckpoint>> | null; branches: Branches; loaded: string[] }> {
  const { config, dataset, engine, resumeFrom, tracker } = options;
  const { classes, channels } = dataset.descriptor;
  const saved = resumeFrom === null ? null : await readCheckpoint(resumeFrom, identity);
  // A resumed run takes all weights from its checkpoint.
  const pretrained = saved ? [] : await pretrainedWeights(options);
  const branches = await openBranches(
    { config, classes: classes.length, inputChannels: channels, classPixels },
    engine,
  );
  try {
    if (saved) await branches.load(saved.branches);
    const loaded: string[] = [];
    for (const each of pretrained) loaded.push(await startFromPretrained(branches, each, tracker));
    return { saved, branches, loaded };
  } catch (error) {
    await branches.dispose();
    throw error;
  }
}

/** The pretrained weights of the run: of both networks together, or of each if they differ. */
async function pretrainedWeights(options: TrainOptions): Promise<StartingWeights[]> {
  const { network } = options.config;
  const places: StartingWeights['of'][] = network.second ? [1, 2] : ['both'];
  const found: StartingWeights[] = [];
  for (const of of places) {
    const { pretrained } = networkOf(network, of === 2 ? 2 : 1);
    if (pretrained) found.push({ of, weights: await openPretrained(pretrained, options) });
  }
  return found;
}

function openPretrained(
  source: NonNullable<OneNetworkConfig['pretrained']>,
  { tracker, cacheDirectory, allowed, privately }: TrainOptions,
): Promise<PretrainedWeights> {
  return openWeights(source, {
    allowed: allowed ?? NOTHING_ALLOWED,
    privately: privately ?? (() => {}),
    cacheDirectory: cacheDirectory ?? defaultWeightsCache(),
    log: (message) => logTo(tracker, 'INFO', message),
  });
}

function networkLines({ network }: RunConfig, { parameters }: Branches): string[] {
  return ([1, 2] as const).map((branch) => {
    const { backbone, stem, width } = networkOf(network, branch);
    const count = parameters[branch - 1]!.toLocaleString('en');
    return `network ${branch}: ${backbone}, stem ${stem}, width ${width}, ${count} parameters`;
  });
}
