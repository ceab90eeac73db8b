import type { AlarmKind } from '../../schema/alarms-config.js';

/**
 * What training tells the world, and the one thing it asks: whether to stop. In a training process the tracker sends
 * messages to the agent, in a dry run it drops everything; the training loop never knows which.
 */

export type Network = 'BRANCH1' | 'BRANCH2' | 'ENSEMBLE';
export type Subset = 'TRAIN' | 'VAL' | 'TEST';
export type SampleKind = 'INPUT' | 'GROUND_TRUTH' | Network;
export type LogLevel = 'DEBUG' | 'INFO' | 'WARN' | 'ERROR';

/** CANCEL: stop at the next step and discard. DRAIN: write a checkpoint and stop. A stop request is never taken back. */
export type StopRequest = 'CANCEL' | 'DRAIN';

/**
 * The table of kinds: what training reports, and the record of each kind. A new kind is an entry here and one in
 * `reportParts` (runner/agent/report-parts.ts), which says how its records travel to the server.
 */
export interface Records {
  setup: RunSetup;
  points: PointsRecord;
  evaluation: EvaluationRecord;
  pseudoLabels: PseudoLabelRecord;
  alarm: AlarmRecord;
  sample: SampleRecord;
  log: LogRecord;
  checkpoint: CheckpointRecord;
}

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

/** Named scalars at a step (the number of iterations done); also the run's progress. NaN and infinities are values. */
export interface PointsRecord {
  step: number;
  values: Record<string, number>;
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

export interface LogRecord {
  /** ISO 8601. */
  at: string;
  level: LogLevel;
  message: string;
}

/** A complete checkpoint file, which whoever receives the record may move or read at any later time. */
export interface CheckpointRecord {
  step: number;
  file: string;
}

/** Takes records of the kinds in the table `Kinds`, in order. */
export interface RecordSink<Kinds> {
  report<Kind extends keyof Kinds>(kind: Kind, record: Kinds[Kind]): void;
}

export interface Tracker<Kinds = Records> extends RecordSink<Kinds> {
  /** Asked once a step, and between the batches of an evaluation; null: carry on. */
  stopRequest(): StopRequest | null;
}

/** A record as it crosses from the training process to the agent. */
export type RecordMessage<Kinds> = { [Kind in keyof Kinds]: { kind: Kind; record: Kinds[Kind] } }[keyof Kinds];

/** The tracker of a training process: every record becomes a message. */
export function messageTracker<Kinds = Records>(
  send: (message: RecordMessage<Kinds>) => void,
  stopRequest: () => StopRequest | null,
): Tracker<Kinds> {
  return { report: (kind, record) => send({ kind, record }), stopRequest };
}

/** Reports a line of the run's log. */
export function logTo(sink: RecordSink<Pick<Records, 'log'>>, level: LogLevel, message: string): void {
  sink.report('log', { at: new Date().toISOString(), level, message });
}

/** Drops everything and never asks to stop. */
export const nullTracker: Tracker = { report: () => {}, stopRequest: () => null };
