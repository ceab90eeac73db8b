import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type MethodName,
  methodConfig,
  parseRunConfig,
  type RunConfig,
  type RunConfigInput,
} from '../../schema/run-config.js';
import type { Dataset, OpenDataset } from '../data/dataset.js';
import { createLoader } from '../data/loading/loader.js';
import { openDataset } from '../data/open.js';
import { drawSplit } from '../data/splits/splits.js';
import { startRunEngine } from '../run-engine.js';
import { DEFAULT_ENGINE_OPTIONS } from '../tracking/engine.js';
import type { TrainingEnd } from '../tracking/messages.js';
import type { RecordMessage, Records, StopRequest, Tracker, TrainingPhase } from '../tracking/tracker.js';
import type { RunEngine } from '../training/branches/branches.js';
import { createMethod } from '../training/methods/registry.js';
import { restartOf } from '../training/schedule.js';
import { train } from '../training/train.js';

/** The configuration of a real training run that takes a second or two: shapes at 32x32 and the narrowest network. */
export function tinyConfig(changes: Partial<RunConfigInput> = {}): RunConfig {
  const result = parseRunConfig({
    dataset: 'shapes',
    split: { labelledRatio: 1 / 8 },
    method: { name: 'cps' },
    network: { width: 0.0625 },
    augmentation: { crop: [32, 32] },
    ...changes,
    training: {
      iterations: 6,
      batchLabelled: 2,
      batchUnlabelled: 2,
      logEvery: 1,
      evaluateEvery: 1000,
      sampleEvery: 1000,
      sampleImages: 1,
      checkpointEvery: 1000,
      ...changes.training,
    },
  });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

/** All methods, with settings that make them fast. */
export function tinyMethods(): Partial<RunConfigInput>[] {
  const one = { dropout: 1, cutout: 1, contextMask: 1, objectMask: 1, featureDrop: 1, featureNoise: 1 };
  const changes: Partial<Record<MethodName, Partial<RunConfigInput>>> = {
    cct: { method: { name: 'cct', decoders: one } },
    gct: { method: { name: 'gct', detectorChannels: 4 }, augmentation: { crop: [64, 64] } },
  };
  return methodConfig.options.map(({ shape }) => {
    const name = shape.name.value;
    return changes[name] ?? { method: methodConfig.parse({ name }) };
  });
}

/** The engine of the tests, with the branches placed according to `twins`. */
export async function tinyEngine(twins: RunEngine['twins'] = 'together'): Promise<RunEngine> {
  return { ...(await startRunEngine('wasm', DEFAULT_ENGINE_OPTIONS, 1)), twins };
}

/** The shapes dataset with few validation and test images, so that final evaluations are fast. */
export async function tinyShapes(): Promise<OpenDataset> {
  const shapes = await openDataset({ name: 'shapes', kind: 'shapes', directory: null });
  return {
    ...shapes,
    ids: (subset) => (subset === 'TRAIN' ? shapes.ids(subset) : shapes.ids(subset).slice(0, 3)),
  };
}

/** A loader in this thread, for a run whose split is drawn by ratio. */
export function tinyLoader(config: RunConfig, dataset: Dataset) {
  if (!('labelledRatio' in config.split)) throw new Error('tinyLoader needs a split with labelledRatio');
  const split = drawSplit(dataset.ids('TRAIN'), config.split.labelledRatio, config.split.seed);
  const { streams } = createMethod(config.method);
  return createLoader({ dataset, split, config, streams, unlabelledFrom: restartOf(config) ?? 0 });
}

export function tinyFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'crosscheck-training-'));
}

/** Records what training reports. `stopAt` is a stop request, and the step from which it is returned. */
export class Recorder implements Tracker {
  private readonly messages: RecordMessage<Records>[] = [];

  constructor(private readonly stopAt: { step: number; request: StopRequest } | null = null) {}

  report<Kind extends keyof Records>(kind: Kind, record: Records[Kind]): void {
    this.messages.push({ kind, record } as RecordMessage<Records>);
  }

  stopRequest(): StopRequest | null {
    const last = this.all('points').at(-1)?.step ?? 0;
    return this.stopAt && last >= this.stopAt.step ? this.stopAt.request : null;
  }

  /** Every change of the phase, with the step. */
  readonly phases: string[] = [];

  progress(phase: TrainingPhase, step: number): void {
    const place = `${phase} ${step}`;
    if (this.phases.at(-1) !== place) this.phases.push(place);
  }

  /** All records of a kind, in order. */
  all<Kind extends keyof Records>(kind: Kind): Records[Kind][] {
    return this.messages.flatMap((message) => (message.kind === kind ? [message.record as Records[Kind]] : []));
  }

  /** The lines of the log. */
  get lines(): string[] {
    return this.all('log').map(({ level, message }) => `${level} ${message}`);
  }

  /** The values of a series, in order. */
  series(name: string): number[] {
    return this.all('points').flatMap(({ values }) => (values[name] === undefined ? [] : [values[name]]));
  }

  /** All points, without the series that depend on the clock. */
  numbers(): { step: number; values: Record<string, number> }[] {
    return this.all('points').map(({ step, values: { images_per_second: _, data_wait: __, ...values } }) => ({
      step,
      values,
    }));
  }
}

export interface TinyRunOptions {
  on: OpenDataset;
  engine: RunEngine;
  tracker?: Recorder;
  resumeFrom?: string | null;
}

/** Trains a tiny run to its end in a new folder. */
export async function tinyRun(
  changes: Partial<RunConfigInput>,
  { on, engine, tracker = new Recorder(), resumeFrom = null }: TinyRunOptions,
): Promise<{ end: TrainingEnd; tracker: Recorder }> {
  const options = { config: tinyConfig(changes), dataset: on, engine, tracker, resumeFrom };
  return { end: await train({ ...options, workDirectory: await tinyFolder() }), tracker };
}
