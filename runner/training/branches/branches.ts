import type { RunConfig } from '../../../schema/run-config.js';
import type { Batch, StepBatches } from '../../data/dataset.js';
import type { Channels } from '../../data/images/pixels.js';
import type { Engine } from '../../engines/engine.js';
import type { EngineMemory } from '../../operations/memory.js';
import type { Rates } from '../schedule.js';
import type { BranchState } from './branch.js';
import { openTogether } from './together.js';
import { openWorkers } from './workers.js';

/** One step's losses as numbers: see `Losses`. */
export interface LossValues {
  total: number;
  parts: { supervised: number; [name: string]: number };
  shares: Record<string, number>;
  /** The pseudo-labels of the unlabelled images, count x height x width, when they were asked for and the method has them. */
  pseudoLabels?: Uint8Array;
}

/** The losses of each branch, branch 1 first. */
export type StepResult = LossValues[];

export type Images = Pick<Batch, 'count' | 'height' | 'width' | 'channels' | 'images'>;

/** The one or two networks that a method trains, wherever they live. One call at a time. */
export interface Branches {
  /** Trainable weights of one network. */
  readonly parameters: number;
  /** Trains all networks by one step; `step` counts the iterations done before it. `watch` asks for the pseudo-labels. */
  step(step: number, batches: StepBatches, rates: Rates, watch?: boolean): Promise<StepResult>;
  /** Class probabilities of each network, count x height x width x classes, branch 1 first. */
  predict(images: Images): Promise<Float32Array[]>;
  /** Weights, running statistics and momentum of each network, branch 1 first. */
  save(): Promise<BranchState[]>;
  /** @throws Error when a state does not fit the network, naming the tensor. */
  load(states: readonly BranchState[]): Promise<void>;
  /** What each engine that computes here holds: one a thread, so a single one where the networks share it. */
  memory(): Promise<EngineMemory[]>;
  dispose(): Promise<void>;
}

export interface BranchOptions {
  config: RunConfig;
  /** Number of classes. */
  classes: number;
  /** Channels of the images. */
  inputChannels: Channels;
}

/** What of the run's engine the branches need to know. */
export type BranchEngine = Pick<Engine, 'name' | 'twins' | 'options'>;

/** Creates the networks of a run where the engine trains them best: a thread each, or all in this one. */
export function openBranches(options: BranchOptions, engine: BranchEngine): Promise<Branches> {
  return engine.twins === 'workers' ? openWorkers(options, engine) : openTogether(options);
}
