import type { AlarmKind } from '../../schema/alarms-config.js';
import type { RunPhase } from '../../schema/generated/runner/graphql.js';
import type { ImageReview, LabelDoubt } from '../../schema/labelling/review.js';

/**
 * What training reports, and the one thing it asks: whether to stop. In a training process, the tracker sends messages
 * to the agent. In a dry run, it drops everything. The training loop does not know which.
 */

export type Network = 'BRANCH1' | 'BRANCH2' | 'ENSEMBLE';
export type Subset = 'TRAIN' | 'VAL' | 'TEST';
export type SampleKind = 'INPUT' | 'GROUND_TRUTH' | Network;
export type ReviewPictureKind = 'INPUT' | 'LABEL' | 'PREDICTION' | 'DIFFERENCE';
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** CANCEL: stop at the next step and discard. DRAIN: write a checkpoint and stop. A stop request is never retracted. */
export type StopRequest = 'CANCEL' | 'DRAIN';

/**
 * Everything that training reports, by kind, with the type of its records. To add a kind, add an entry here and one in
 * `reportParts` (runner/agent/report-parts.ts), which defines how its records are sent to the server.
 */
export interface Records {
  setup: RunSetup;
  phase: RunPhase;
  points: PointsRecord;
  evaluation: EvaluationRecord;
  pseudoLabels: PseudoLabelRecord;
  classCounts: ClassCountsRecord;
  alarm: AlarmRecord;
  alarmEnd: AlarmEndRecord;
  sample: SampleRecord;
  imageReview: ImageReviewRecord;
  labelReview: LabelReviewRecord;
  reviewPicture: ReviewPictureRecord;
  log: LogRecord;
  checkpoint: CheckpointRecord;
}

/** The setup of a run, known before its first step. */
export interface RunSetup {
  engine: string;
  device: string;
  /** Identifies the labelled split: see runner/data/splits/splits.ts. */
  splitHash: string;
  labelledImages: number;
  unlabelledImages: number;
  /** Number of trainable parameters per network; of the first, if the second differs. */
  parameters: number;
  /** By class index: how much a pixel of the class counts in the loss. By default, all count alike. */
  classWeights?: readonly number[] | null;
  /** By class index: what the loss adds to the class's logits; by default nothing. */
  logitOffsets?: readonly number[] | null;
  /** The same of the second network, if the configuration makes it differ (`network.second`). Older servers know no such run. */
  secondParameters?: number;
}

/** Named scalars at a step (the number of completed iterations), which is also the progress. May be NaN or infinite. */
export interface PointsRecord {
  step: number;
  values: Record<string, number>;
  /** When they were computed, ISO 8601. */
  at: string;
}

export interface EvaluationRecord {
  step: number;
  network: Network;
  subset: Subset;
  /** Row-major classes x classes pixel counts: confusion[truth * classes + prediction]. */
  confusion: number[];
  /** The confusion of each image; null if they are too many to be reported. */
  images: ImageCounts | null;
  /**
   * By class: the mean probability that the network gives to the true class of a pixel, in [0, 1]; null for a class without
   * pixels. Null if the server does not want to know.
   */
  confidences: (number | null)[] | null;
}

/** The confusion matrix of each image of an evaluation. */
export interface ImageCounts {
  ids: string[];
  /** See schema/sparse-counts.ts. In the order of the ids. */
  counts: Uint8Array;
}

/** Statistics of one network's pseudo-labels since the previous record, in pixels. Arrays are indexed by class. */
export interface PseudoLabelRecord {
  step: number;
  /** The network that made the pseudo-labels. */
  network: Network;
  /** Of the labelled images that were used since the run began, or of all of them with `balance.sampling`, without ignored pixels. */
  labelledPixels: number[];
  pseudoPixels: number[];
  /** Pixels without a pseudo-label. */
  undecidedPixels: number;
  /** confusion[truth * classes + pseudo-label] over pixels where both are known; null if no truth is known. */
  confusion: number[] | null;
}

/** What a run's labels hold. Arrays are indexed by class. */
export interface ClassCountsRecord {
  step: number;
  /** Of the split's labelled images: pixels of each class, and images that hold it. */
  labelledPixels: number[];
  labelledImages: number[];
  /** Labelled training crops since the previous record, and those of them that held each class. */
  crops: number;
  cropsWithClass: number[];
}

/** What an alarm is about. At most one alarm about the same is active at a time, except for the kind DATA. */
export interface AlarmSubject {
  kind: AlarmKind;
  /** Null when the alarm concerns all networks. */
  network: Network | null;
  classIndex: number | null;
}

/**
 * Something that looks wrong. Alarms with the same step, kind, network and class are the same alarm; those about the data, only if
 * they also have the same message.
 */
export interface AlarmRecord extends AlarmSubject {
  step: number;
  /** What was observed, with its numbers. */
  message: string;
}

/** The alarm about this that is active is over at the step. */
export interface AlarmEndRecord extends AlarmSubject {
  step: number;
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

/** What the networks make of an unlabelled training image, at the end of a run. */
export interface ImageReviewRecord extends ImageReview {
  step: number;
}

/** Where the networks doubt the label of a training image, at the end of a run. Without doubts, the list is empty. */
export interface LabelReviewRecord {
  step: number;
  imageId: string;
  width: number;
  height: number;
  doubts: readonly LabelDoubt[];
}

/** A picture of an image that was reviewed. It may be smaller than the image. */
export interface ReviewPictureRecord {
  step: number;
  imageId: string;
  kind: ReviewPictureKind;
  width: number;
  height: number;
  /** An RGB PNG for the input; a palette PNG of class indices for label and prediction; of 0 where they differ, 1 elsewhere. */
  png: Uint8Array;
}

export interface LogRecord {
  /** ISO 8601. */
  at: string;
  level: LogLevel;
  message: string;
}

/** A complete checkpoint file. The receiver of the record may move or read it at any later time. */
export interface CheckpointRecord {
  step: number;
  file: string;
}

/** What training does at a time. The setup comes first. */
export type TrainingPhase = 'setup' | 'step' | 'evaluation' | 'samples' | 'checkpoint';

/** Accepts records of the kinds in `Kinds`, in order. */
export interface RecordSink<Kinds> {
  report<Kind extends keyof Kinds>(kind: Kind, record: Kinds[Kind]): void;
}

export interface Tracker<Kinds = Records> extends RecordSink<Kinds> {
  /** Called at every step and between the batches of an evaluation. Null means continue. */
  stopRequest(): StopRequest | null;
  /** Called at the start of each step and of everything else that may take long, so that a hang can be noticed. */
  progress(phase: TrainingPhase, step: number): void;
}

/** A record, as the training process sends it to the agent. */
export type RecordMessage<Kinds> = { [Kind in keyof Kinds]: { kind: Kind; record: Kinds[Kind] } }[keyof Kinds];

/** The tracker of a training process: every record becomes a message. */
export function messageTracker<Kinds = Records>(
  send: (message: RecordMessage<Kinds>) => void,
  stopRequest: () => StopRequest | null,
  progress: (phase: TrainingPhase, step: number) => void = () => {},
): Tracker<Kinds> {
  return { report: (kind, record) => send({ kind, record }), stopRequest, progress };
}

/** Reports named scalars at a step. */
export function reportPoints(
  sink: RecordSink<Pick<Records, 'points'>>,
  step: number,
  values: Record<string, number>,
): void {
  sink.report('points', { step, values, at: new Date().toISOString() });
}

/** Reports a line of the run's log. */
export function logTo(sink: RecordSink<Pick<Records, 'log'>>, level: LogLevel, message: string): void {
  sink.report('log', { at: new Date().toISOString(), level, message });
}

/** Drops every record and never requests a stop. */
export const nullTracker: Tracker = { report: () => {}, stopRequest: () => null, progress: () => {} };
