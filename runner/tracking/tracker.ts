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
  /** Identifies the labelled split: see runner/data/splits.ts. */
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
  sample(_record: SampleRecord): void {}
  log(_level: LogLevel, _message: string): void {}
  checkpoint(_step: number, _file: string): void {}
  wish(): Wish {
    return 'CONTINUE';
  }
}
