import type { AlarmKind } from '../../schema/alarms-config.js';

/**
 * What training tells the world, and the one thing it asks: whether to go on. The agent's process answers to it over a
 * message channel, tests use `NullTracker`; the training loop never knows which.
 */

export type Network = 'BRANCH1' | 'BRANCH2' | 'ENSEMBLE';
export type Subset = 'TRAIN' | 'VAL' | 'TEST';
export type SampleKind = 'INPUT' | 'GROUND_TRUTH' | Network;
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** CANCEL: stop at the next step and discard. DRAIN: write a checkpoint and stop. Once it is no CONTINUE it never is again. */
export type Wish = 'CONTINUE' | 'CANCEL' | 'DRAIN';

/** What was found while the run was set up. */
export interface RunSetup {
  engine: string;
  device: string;
  /** Identifies the labelled split: see runner/data/splits/splits.ts. */
  splitHash: string;
  labelledImages: number;
  unlabelledImages: number;
  /** Trainable weights of one network. */
  parameters: number;
}

export interface EvaluationRecord {
  step: number;
  network: Network;
  subset: Subset;
  /** Row-major classes x classes pixel counts: confusion[truth * classes + prediction]. */
  confusion: number[];
}

/** What one network's pseudo-labels were like since the record before, in pixels; arrays are by class. */
export interface PseudoLabelRecord {
  step: number;
  /** Whose labels. */
  network: Network;
  /** The labelled images that were looked at since the run began, ignored pixels left out. */
  labelledPixels: number[];
  pseudoPixels: number[];
  /** Without a pseudo-label. */
  undecidedPixels: number;
  /** confusion[truth * classes + pseudo-label], where both are known; null where the truth is nowhere known. */
  confusion: number[] | null;
}

/** Something that looks wrong; one of the same step, kind, network and class is the same. */
export interface AlarmRecord {
  step: number;
  kind: AlarmKind;
  /** Null when it is about all of them. */
  network: Network | null;
  classIndex: number | null;
  /** What was seen, with its numbers. */
  message: string;
}

export interface SampleRecord {
  step: number;
  imageId: string;
  width: number;
  height: number;
  kind: SampleKind;
  /** An RGB PNG for the input (see pictureOf), otherwise a palette PNG of class indices. */
  png: Uint8Array;
}

export interface Tracker {
  setup(setup: RunSetup): void;
  /** Named scalars at a step (the number of iterations done); also the run's progress. NaN and infinities are values. */
  points(step: number, values: Record<string, number>): void;
  evaluation(record: EvaluationRecord): void;
  pseudoLabels(record: PseudoLabelRecord): void;
  alarm(record: AlarmRecord): void;
  sample(record: SampleRecord): void;
  log(level: LogLevel, message: string): void;
  /** A complete checkpoint file, which the tracker may take away (move or read) at any later time. */
  checkpoint(step: number, file: string): void;
  /** Asked once a step, and between the batches of an evaluation. */
  wish(): Wish;
}

export class NullTracker implements Tracker {
  setup(): void {}
  points(_step: number, _values: Record<string, number>): void {}
  evaluation(_record: EvaluationRecord): void {}
  pseudoLabels(_record: PseudoLabelRecord): void {}
  alarm(_record: AlarmRecord): void {}
  sample(_record: SampleRecord): void {}
  log(_level: LogLevel, _message: string): void {}
  checkpoint(_step: number, _file: string): void {}
  wish(): Wish {
    return 'CONTINUE';
  }
}
