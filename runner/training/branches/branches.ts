import type { RunConfig } from '../../../schema/run-config.js';
import type { Batch, StepBatches } from '../../data/dataset.js';
import type { Channels } from '../../data/images/pixels.js';
import type { EngineMemory } from '../../operations/memory.js';
import type { Engine } from '../../tracking/engine.js';
import type { Rates } from '../schedule.js';

export interface SavedTensor {
  shape: number[];
  values: Float32Array;
}

/**
 * Everything of one network that a resumed run needs: `weights.*`, `statistics.*` and `momentum.*`; where a method has
 * them, `teacher_weights.*`, `teacher_statistics.*`, `part_weights.*`, `part_statistics.*`, `exp_avg.*` and `exp_avg_sq.*` too.
 */
export type BranchState = Record<string, SavedTensor>;

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

/** The engine of a run, and the thread in which a network gets one of its own like it. */
export interface RunEngine extends Engine {
  /** The compiled file of a thread that calls `answerForBranch`. */
  branchThread: string;
}

/** What of the run's engine the branches need to know. */
export type BranchEngine = Omit<RunEngine, 'device' | 'reason'>;
