import type { RunConfig } from '../../../schema/run-config.js';
import type { Batch, StepBatches } from '../../data/dataset.js';
import type { Channels } from '../../data/images/pixels.js';
import type { EngineMemory } from '../../operations/memory.js';
import type { Engine } from '../../tracking/engine.js';
import type { TrueClassSums } from '../balance/true-class.js';
import type { Rates } from '../schedule.js';

export interface SavedTensor {
  shape: number[];
  values: Float32Array;
}

/**
 * Everything that a resumed run needs of one network: `weights.*`, `statistics.*` and the state of its optimisers (`momentum.*`,
 * or `exp_avg.*` and `exp_avg_sq.*`), and also, if the method has them, `teacher_weights.*`, `teacher_statistics.*`,
 * `best_weights.*`, `best_statistics.*`, `part_weights.*` and `part_statistics.*`; and `thresholds.*`, the state of
 * `balance.thresholds`.
 */
export type BranchState = Record<string, SavedTensor>;

/** The losses of one step as numbers; see `Losses`. */
export interface LossValues {
  total: number;
  parts: { supervised: number; [name: string]: number };
  shares: Record<string, number>;
  /** How probable the true classes of the labelled pixels were, if the run has a section `balance`. */
  trueClass?: TrueClassSums;
  /** The norm of the network's gradient before clipping, if the run clips gradients. */
  gradientNorm?: number;
  /** The pseudo-labels of the unlabelled images, count x height x width, if requested and if the method has them. */
  pseudoLabels?: Uint8Array;
}

/** The losses of each branch, branch 1 first. */
export type StepResult = LossValues[];

export type Images = Pick<Batch, 'count' | 'height' | 'width' | 'channels' | 'images'>;

/** The one or two networks that a method trains, in this thread or in others. One call at a time. */
export interface Branches {
  /** The number of trainable parameters of each network, branch 1 first. */
  readonly parameters: readonly number[];
  /** Trains all networks for one step; `step` is the number of iterations done before it. `watch` requests pseudo-labels. */
  step(step: number, batches: StepBatches, rates: Rates, watch?: boolean): Promise<StepResult>;
  /** Class probabilities of each network, count x height x width x classes, branch 1 first. */
  predict(images: Images): Promise<Float32Array[]>;
  /** Keeps a copy of each network, which becomes its teacher when the second round starts. */
  keep(): Promise<void>;
  /** Weights, running statistics and momentum of each network, branch 1 first. */
  save(): Promise<BranchState[]>;
  /** @throws Error when a state does not fit the network; the message names the tensor. */
  load(states: readonly BranchState[]): Promise<void>;
  /** The memory of each engine: one per thread, so a single one if the networks share a thread. */
  memory(): Promise<EngineMemory[]>;
  dispose(): Promise<void>;
}

export interface BranchOptions {
  config: RunConfig;
  /** Number of classes. */
  classes: number;
  /** Channels of the images. */
  inputChannels: Channels;
  /**
   * The pixels of each class in the labelled images of the split, by class index. Class weights and quotas of pseudo-labels need
   * them.
   */
  classPixels?: readonly number[];
}

/** The engine of a run, and the script of the threads in which each network gets an engine of its own. */
export interface RunEngine extends Engine {
  /** The compiled script of a thread that calls `answerForBranch`. */
  branchThread: string;
}

/** What the branches need to know about the run's engine. */
export type BranchEngine = Omit<RunEngine, 'device' | 'reason'>;
