import type { EngineOptions } from './engine.js';
import type { RecordMessage, Records, StopRequest } from './tracker.js';

/** How the agent and the training process that it forked talk (Node's IPC channel, serialization 'advanced'). */

/** Built in; classes.json beside folders; PASCAL VOC's own layout; Cityscapes' own layout, without and with train_extra. */
export const DATASET_KINDS = ['shapes', 'folder', 'voc', 'cityscapes', 'cityscapes_extra'] as const;

export type DatasetKind = (typeof DATASET_KINDS)[number];

/** A place where a dataset is: `directory` is null for generated ones. */
export interface DataSource {
  name: string;
  kind: DatasetKind;
  directory: string | null;
}

/** The first message to the training process. */
export interface TrainingJob {
  /** A run configuration as schema/run-config.ts has it; the training process validates it again. */
  config: unknown;
  source: DataSource;
  /** Of the dataset as the runner announced it: the run trains on that one and on no other. */
  fingerprint: string;
  engine: string;
  engineOptions: EngineOptions;
  /** An existing, empty folder for checkpoints. */
  workDirectory: string;
  /** Where it is remembered which datasets were found good; null: each is checked as a whole. */
  checkedFolder: string | null;
  /** A checkpoint file to go on from. */
  resumeFrom: string | null;
}

export type ToTraining = { type: 'job'; job: TrainingJob } | { type: 'stop'; request: StopRequest };

/**
 * How the training ended. `failed` is the run's own fault, with a reason a researcher can act on; `lost` is the machine's:
 * the run goes on elsewhere. `unfit`: so does it, and nothing else can be trained here before somebody sees to it.
 */
export type TrainingEnd =
  | { outcome: 'completed' }
  | { outcome: 'canceled' }
  | { outcome: 'drained' }
  | { outcome: 'failed'; reason: string }
  | { outcome: 'lost'; reason: string }
  | { outcome: 'unfit'; reason: string };

/** Records in the order in which they were reported, then the end. */
export type FromTraining = RecordMessage<Records> | { kind: 'end'; end: TrainingEnd };
