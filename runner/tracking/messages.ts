import type { AllowedSources } from '../files/allowed-sources.js';
import type { EngineOptions } from './engine.js';
import type { RecordMessage, Records, StopRequest, TrainingPhase } from './tracker.js';

/** The messages between the agent and its training process (Node's IPC channel, serialization 'advanced'). */

/** Where a dataset comes from. `directory` is null for generated datasets. */
export interface DataSource {
  name: string;
  /** A layout (data/formats/layouts.ts), or a built-in dataset (data/formats/shapes). */
  kind: string;
  directory: string | null;
}

/** The first message to the training process. */
export interface TrainingJob {
  /** A run configuration (schema/run-config.ts). The training process validates it again. */
  config: unknown;
  source: DataSource;
  /** Fingerprint of the dataset that the runner announced. The run trains only on that dataset. */
  fingerprint: string;
  engine: string;
  engineOptions: EngineOptions;
  /** An existing, empty folder for checkpoints. */
  workDirectory: string;
  /** Remembers which datasets have passed the check. If null, every dataset is checked completely. */
  checkedFolder: string | null;
  /** A checkpoint file to resume from. */
  resumeFrom: string | null;
  /** Where the run may read pretrained weights. */
  allowed: AllowedSources;
}

export type ToTraining = { type: 'job'; job: TrainingJob } | { type: 'stop'; request: StopRequest };

/**
 * How training ended. `failed`: the run's own fault, with a reason that a researcher can act on. `lost`: the machine's
 * fault, and the run is queued again; `disk` is set if the disk is to blame. `unfit`: like `lost`, but the machine can
 * train nothing until somebody fixes it.
 */
export type TrainingEnd =
  | { outcome: 'completed' }
  | { outcome: 'canceled' }
  | { outcome: 'drained' }
  | { outcome: 'failed'; reason: string }
  | { outcome: 'lost'; reason: string; disk?: true }
  | { outcome: 'unfit'; reason: string };

/**
 * Records in the order in which they were reported, then the end. A `private` message is for the log of the runner
 * itself and never reaches the server. A `progress` message says what the process is about to do, and after which step.
 */
export type FromTraining =
  | RecordMessage<Records>
  | { kind: 'progress'; phase: TrainingPhase; step: number }
  | { kind: 'private'; message: string }
  | { kind: 'end'; end: TrainingEnd };
