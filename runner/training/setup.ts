import { join } from 'node:path';
import type { RunConfig } from '../../schema/run-config.js';
import type { OpenDataset } from '../data/dataset.js';
import { openLoaderThread } from '../data/loader-thread.js';
import { rescaled } from '../data/rescale.js';
import { openSplit } from '../data/splits.js';
import type { Engine } from '../engines/engine.js';
import { defaultWeightsCache, openWeights, type PretrainedWeights } from '../networks/pretrained/open-weights.js';
import type { Subset, Tracker } from '../tracking/tracker.js';
import { Batches } from './batches.js';
import { type Branches, openBranches } from './branches/branches.js';
import { readCheckpoint, writeCheckpoint } from './checkpoint.js';
import { evaluate } from './evaluate.js';
import { Meters } from './meters.js';
import { createMethod } from './methods/registry.js';
import { startFromPretrained } from './pretrained.js';
import { Sampler } from './samples.js';

export interface TrainOptions {
  config: RunConfig;
  dataset: OpenDataset;
  engine: Engine;
  tracker: Tracker;
  /** An existing folder for checkpoints. */
  workDirectory: string;
  /** A checkpoint file to go on from. */
  resumeFrom: string | null;
  /** Where downloaded pretrained weights are kept; `defaultWeightsCache()` when left out. */
  cacheDirectory?: string;
}

/** A run that is set up: what its loop needs, already in the state to go on from. */
export interface PreparedRun {
  /** Iterations done. */
  step: number;
  /** Whether what is evaluated, shown and saved after this step is still to be done. */
  evaluationDue: boolean;
  branches: Branches;
  batches: Batches;
  meters: Meters;
  sampler: Sampler;
  /**
   * Evaluates all networks on a subset, reports and returns their mIoU: none when the subset is empty. null, with nothing
   * reported, when a wish to stop came in.
   */
  evaluate(step: number, subset: Subset, images: number | null): Promise<Record<string, number> | null>;
  checkpoint(step: number, evaluationDue: boolean): Promise<void>;
  close(): Promise<void>;
}

/**
 * @throws Error when the dataset, the split, the checkpoint or the pretrained weights do not fit the configuration; the
 * message says how.
 */
export async function prepareRun(options: TrainOptions): Promise<PreparedRun> {
  const { config, engine, tracker } = options;
  const dataset = rescaled(options.dataset, config.data.imageScale);
  const { descriptor } = dataset;
  const classes = descriptor.classes.length;
  if (classes < 2)
    throw new Error(`dataset "${descriptor.name}" has ${classes} class; a segmentation needs at least 2`);
  const split = await openSplit(options.dataset, config.split);
  const identity = { config, splitHash: split.hash, datasetFingerprint: descriptor.fingerprint };
  const { streams } = createMethod(config.method);
  const loader = await openLoaderThread({ dataset: options.dataset, split, config, streams });
  const { saved, branches } = await openNetworks(options, classes, identity).catch(async (error) => {
    await loader.close();
    throw error;
  });
  const meters = new Meters(saved?.state.meters);
  tracker.setup({
    engine: engine.name,
    device: engine.device,
    splitHash: split.hash,
    labelledImages: split.labelled.length,
    unlabelledImages: split.unlabelled.length,
    parameters: branches.parameters,
  });
  tracker.log('INFO', `engine ${engine.name} on ${engine.device} (${engine.reason})`);
  tracker.log('INFO', `${split.labelled.length} labelled and ${split.unlabelled.length} unlabelled training images`);
  if (split.inBoth.length > 0) {
    tracker.log(
      'WARN',
      `the split's lists share ${split.inBoth.length} images: ${split.inBoth.slice(0, 25).join(', ')}`,
    );
  }
  if (saved) tracker.log('INFO', `going on from the checkpoint at step ${saved.state.step}`);

  return {
    step: saved?.state.step ?? 0,
    evaluationDue: saved?.state.evaluationDue ?? false,
    branches,
    batches: new Batches(loader, classes, config.training.iterations),
    meters,
    sampler: new Sampler(dataset, tracker, config.training.sampleImages),
    async evaluate(step, subset, images) {
      const stopped = () => tracker.wish() !== 'CONTINUE';
      const confusions = await evaluate({ branches, dataset, subset, images, stopped });
      if (!confusions) return null;
      const scores: Record<string, number> = {};
      for (const [network, confusion] of confusions) {
        tracker.evaluation({ step, network, subset, confusion: confusion.counts });
        scores[`miou/${network.toLowerCase()}`] = confusion.meanIou();
      }
      return scores;
    },
    async checkpoint(step, evaluationDue) {
      const file = join(options.workDirectory, `step-${step}.safetensors`);
      const state = { step, evaluationDue, ...identity, meters: meters.save() };
      await writeCheckpoint(file, state, await branches.save());
      tracker.checkpoint(step, file);
    },
    async close() {
      await loader.close();
      await branches.dispose();
    },
  };
}

type Identity = Parameters<typeof readCheckpoint>[1];

/** The networks as the run begins, or goes on from its checkpoint. */
async function openNetworks(
  options: TrainOptions,
  classes: number,
  identity: Identity,
): Promise<{ saved: Awaited<ReturnType<typeof readCheckpoint>> | null; branches: Branches }> {
  const { config, engine, resumeFrom, tracker } = options;
  const saved = resumeFrom === null ? null : await readCheckpoint(resumeFrom, identity);
  // Whatever it was that the run began with, its checkpoint holds the weights by now.
  const pretrained = saved ? null : await pretrainedWeights(options);
  const branches = await openBranches({ config, classes }, engine);
  try {
    if (saved) await branches.load(saved.branches);
    else if (pretrained) await startFromPretrained(branches, pretrained, tracker);
  } catch (error) {
    await branches.dispose();
    throw error;
  }
  return { saved, branches };
}

async function pretrainedWeights({ config, tracker, cacheDirectory }: TrainOptions): Promise<PretrainedWeights | null> {
  const { pretrained } = config.network;
  if (!pretrained) return null;
  return openWeights(pretrained, {
    cacheDirectory: cacheDirectory ?? defaultWeightsCache(),
    log: (message) => tracker.log('INFO', message),
  });
}
