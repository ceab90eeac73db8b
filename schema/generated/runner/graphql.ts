/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Says that the active alarm of this kind, network and class is over. Changes nothing if there is none. Alarms of the kind DATA last as long as their run. */
export type AlarmEndInput = {
  /** Index of the class in the dataset, from 0; null if the alarm is not about one class. */
  classIndex?: number | null | undefined;
  /** What looks wrong. */
  kind: AlarmKind;
  /** Network that the alarm is about; null if it is about all of them. */
  network?: Network | null | undefined;
  /** Step at which the alarm was over. */
  step: number;
};

/** An alarm to store. Replaces the stored alarm of the same step, kind, network and class and, if it is of the kind DATA, message. It is active. */
export type AlarmInput = {
  /** Index of the class in the dataset, from 0; null if the alarm is not about one class. */
  classIndex?: number | null | undefined;
  /** What looks wrong. */
  kind: AlarmKind;
  /** What was observed, with the numbers. It is cut after 1,000 characters. */
  message: string;
  /** Network that the alarm is about; null if it is about all of them. */
  network?: Network | null | undefined;
  /** Step after which the alarm was raised. */
  step: number;
};

/** What looks wrong. docs/metrics.md describes how each kind is detected. */
export type AlarmKind =
  /** Something looks wrong with the images or labels that the run uses. Raised before the first step. */
  | 'DATA'
  /** The networks agree more while their mIoU falls. */
  | 'DIVERGING_AGREEMENT'
  /** A network's mIoU has fallen far below its best so far. */
  | 'DROP'
  /** A class that occurs in the validation images was not predicted for a single pixel in several evaluations in a row. */
  | 'NEVER_PREDICTED'
  /** The training process has been silent for too long. If it stays silent, it is killed. */
  | 'STALLED'
  /** One class takes over the pseudo-labels, or the predictions if the method has no pseudo-labels. */
  | 'TAKEOVER';

/** How an attempt ended, as its runner reports it. A run that is being canceled becomes CANCELED, unless the outcome is SUCCEEDED or FAILED. */
export type AttemptOutcome =
  /** Training stopped because the run was canceled. The run becomes CANCELED. */
  | 'CANCELED'
  /** Training cannot succeed, for example because the loss is NaN or a label is invalid. The run becomes FAILED. */
  | 'FAILED'
  /** The machine failed, for example because the process was killed or the disk is full. The run is queued again. It becomes FAILED after several lost attempts in a row without a new checkpoint (`MAX_LOST_ATTEMPTS`, 10 by default). */
  | 'LOST'
  /** The runner returns the run, for example because it is draining. The run is queued again. */
  | 'RELEASED'
  /** Training has completed. The run becomes COMPLETED, if the last step was reported, and evaluations of BRANCH1 at that step on VAL and TEST, as far as the dataset has them. Otherwise, attempt and run become FAILED. */
  | 'SUCCEEDED';

/** Identifies an attempt. The fence keeps late writes of an attempt that has ended from changing anything. */
export type AttemptRefInput = {
  /** Id of the attempt, as returned by `claimRun`. */
  attemptId: string;
  /** Fence of the attempt, as returned by `claimRun`. */
  fence: number;
};

/** What an attempt has produced since its last report. The server stores all of it or nothing. */
export type AttemptReportInput = {
  /** Alarms that are over, of this report or of earlier ones. */
  alarmEnds?: Array<AlarmEndInput> | null | undefined;
  /** New alarms, as found after an evaluation. */
  alarms?: Array<AlarmInput> | null | undefined;
  /** Id of the attempt, as returned by `claimRun`. */
  attemptId: string;
  /** New checkpoint, if one was written. Its blob must have been uploaded. */
  checkpoint?: CheckpointInput | null | undefined;
  /** What the labels and the training crops hold, by class. */
  classCounts?: Array<ClassCountsInput> | null | undefined;
  /** New evaluations. */
  evaluations?: Array<EvaluationInput> | null | undefined;
  /** Fence of the attempt, as returned by `claimRun`. */
  fence: number;
  /** What the networks make of unlabelled training images, at the end of the run. */
  imageReviews?: Array<ImageReviewInput> | null | undefined;
  /** Where the networks doubt the labels of training images, at the end of the run. */
  labelReviews?: Array<LabelReviewInput> | null | undefined;
  /** New log lines, in order. */
  log?: Array<LogLineInput> | null | undefined;
  /** More new points, in a form that is faster to read. The limits are those of `points`. */
  packedPoints?: PackedPointsInput | null | undefined;
  /** What the runner is doing with the run; null if it has not changed. */
  phase?: RunPhase | null | undefined;
  /** New points, at most 500 series and 20,000 points per report. */
  points?: Array<PointColumnsInput> | null | undefined;
  /** New counts of pseudo-labels. */
  pseudoLabels?: Array<PseudoLabelsInput> | null | undefined;
  /** Pictures of images that were reviewed. Their blobs must have been uploaded. */
  reviewPictures?: Array<ReviewPictureInput> | null | undefined;
  /** New images of samples. Their blobs must have been uploaded. */
  samples?: Array<SampleInput> | null | undefined;
  /** Number of the report within the attempt: 1, 2, 3 … A number that is already stored is acknowledged and changes nothing. A number that skips one is rejected. */
  sequence: number;
  /** What the runner found when it set up the run; null if it was sent before. */
  setup?: RunSetupInput | null | undefined;
  /** Number of completed iterations; null if it has not changed. */
  step?: number | null | undefined;
};

/** A checkpoint to store. Upload the file first, with `POST /uploads`. The server keeps the two newest of a run. */
export type CheckpointInput = {
  /** Size of the file in bytes. It must be that of the uploaded blob. */
  bytes: number;
  /** SHA-256 of the file, as 64 lowercase hex digits. */
  sha256: string;
  /** Step at which the checkpoint was written. */
  step: number;
};

/** What the labels of a run hold, by class index. Replaces the stored counts of crops of the same step, and those of the split. */
export type ClassCountsInput = {
  /** Labelled training crops since the previous evaluation. */
  crops: number;
  /** How many of these crops held each class. */
  cropsWithClass: Array<number>;
  /** The split's labelled images that hold each class. */
  labelledImages: Array<number>;
  /** Pixels of each class in the split's labelled images. */
  labelledPixels: Array<number>;
  /** Step of the evaluation at which the counting ended. */
  step: number;
};

/** One class of a dataset. Its index is its position in the list. */
export type DatasetClassInput = {
  /** Display colour, as `#rrggbb`. */
  color: string;
  /** Name of the class, such as `road`: 1 to 128 printable characters. It must be unique within the dataset. */
  name: string;
};

/** A dataset that a runner announces. CONFLICT if the name is taken by a dataset with other content that a run has used, that another runner holds, or that was transferred to another runner. */
export type DatasetInput = {
  /** All classes, from 1 to 255, in the order of their pixel values in label maps. */
  classes: Array<DatasetClassInput>;
  /** What the dataset holds, in the shape of `Dataset.facts`. Null if the runner has not counted. BAD_USER_INPUT for any other shape. */
  facts?: Record<string, unknown> | null | undefined;
  /** SHA-256 of the contents. Two machines hold the same dataset if the fingerprints are equal. */
  fingerprint: string;
  /** Label value of ignored pixels, from 0 to 255. They count in no loss and no metric. */
  ignoreIndex: number;
  /** How its files are arranged, such as `folder` or `voc`; `shapes` and `shapes_longtail` are built in. docs/datasets.md lists all. */
  kind: string;
  /** Unique name: 1 to 128 printable characters. A run configuration refers to the dataset by it. */
  name: string;
  /** Number of test images; 0 if the dataset has none. */
  testImages: number;
  /** Number of training images that have a label. */
  trainImages: number;
  /** Number of additional training images that have no label. */
  unlabelledImages?: number;
  /** Number of validation images. */
  valImages: number;
  /** What looks wrong with the images or labels, in one line each. At most 100; longer texts are cut. Null if the runner has not looked. */
  warnings?: Array<string> | null | undefined;
};

/** What the runner must do next. */
export type Directive =
  /** Stop at the next step, send the remaining reports and finish the attempt as CANCELED. */
  | 'CANCEL'
  /** Keep training. */
  | 'CONTINUE'
  /** Write a checkpoint, stop, send the remaining reports, finish the attempt as RELEASED, and claim nothing more until the agent restarts. */
  | 'DRAIN'
  /** The attempt has ended. Stop training, discard the remaining reports and claim another run. */
  | 'LEASE_LOST';

/** The confusion matrix of each image of an evaluation. */
export type EvaluationImagesInput = {
  /** Their confusion matrices in this order, without zeros, in Base64. docs/runner-protocol.md describes the bytes. They must add up to `EvaluationInput.confusion`. */
  counts: string;
  /** Ids of the images within the dataset, each once: 1 to 512 printable characters. */
  ids: Array<string>;
};

/** An evaluation to store. Replaces the stored evaluation of the same network, subset and step. */
export type EvaluationInput = {
  /** By class index: the mean probability that the network gives to the true class of a pixel, in [0, 1]; null for a class without pixels. Null from older runners. */
  confidences?: Array<number | null | undefined> | null | undefined;
  /** Confusion matrix in pixels, row by row: `confusion[truth * classes + prediction]`. Ignored pixels are not counted. */
  confusion: Array<number>;
  /** The same of each image; null from older runners, and if there are too many. */
  images?: EvaluationImagesInput | null | undefined;
  /** Network that was evaluated. */
  network: Network;
  /** Step at which the network was evaluated. */
  step: number;
  /** Subset that the network was evaluated on. */
  subset: Subset;
};

/** What the networks make of an unlabelled training image. Arrays are indexed by class. Probabilities are the mean of both networks, or those of the only one. Replaces the stored review of the image. */
export type ImageReviewInput = {
  /** Mean of the largest probability of a pixel. */
  confidence: number;
  /** Share of pixels that the two networks predict differently; null for a single network. */
  disagreement?: number | null | undefined;
  /** Of the pixels that the two networks predict differently, half of those of which one predicts the class; 0 for a single network. */
  disputed: Array<number>;
  /** Mean entropy of a pixel, as a share of the largest possible. */
  entropy: number;
  /** Sum of the probabilities of the class, in pixels. */
  expected: Array<number>;
  /** Perceptual hash of the picture, 16 lowercase hex digits. Similar pictures differ in few of its 64 bits. */
  hash: string;
  /** Height of the image in pixels, as the networks saw it. */
  height: number;
  /** Identifies the image within its dataset: 1 to 512 printable characters. */
  imageId: string;
  /** Pixels for which the class is the most probable one. */
  predicted: Array<number>;
  /** Step at which the image was reviewed. */
  step: number;
  /** Sum of the probabilities of the class, each times the entropy of its pixel, in pixels. */
  uncertain: Array<number>;
  /** Width of the image in pixels, as the networks saw it. */
  width: number;
};

/** Connected pixels with the same label, for all of which another class is more probable. The box is in pixels; `right` and `bottom` are exclusive. */
export type LabelDoubtInput = {
  /** Row after the last one. */
  bottom: number;
  /** Index of the class that is their label. */
  classIndex: number;
  /** Mean probability of their label. */
  labelProbability: number;
  /** First column. */
  left: number;
  /** Mean probability of the most probable class of each. */
  otherProbability: number;
  /** How many pixels they are. */
  pixels: number;
  /** Column after the last one. */
  right: number;
  /** Index of the class that is the most probable one of most of them. */
  takenFor: number;
  /** First row. */
  top: number;
};

/** Where the networks doubt the label of a training image. Replaces the stored review of the image. */
export type LabelReviewInput = {
  /** The doubts, the most suspicious first; up to 20. */
  doubts: Array<LabelDoubtInput>;
  /** Height of the image in pixels, as the networks saw it. */
  height: number;
  /** Identifies the image within its dataset: 1 to 512 printable characters. */
  imageId: string;
  /** Step at which the label was reviewed. */
  step: number;
  /** Width of the image in pixels, as the networks saw it. */
  width: number;
};

/** How severe a log line is. */
export type LogLevel =
  /** A detail that helps to find the cause of a problem. */
  | 'DEBUG'
  /** A failure that ended the attempt. */
  | 'ERROR'
  /** Normal progress. */
  | 'INFO'
  /** Something unexpected that does not stop training. */
  | 'WARN';

/** A line to add to the log. */
export type LogLineInput = {
  /** When the line was written, by the server's clock, as the runner knows it. A time in the future is replaced. */
  at: string;
  /** How severe the line is. */
  level: LogLevel;
  /** Text of the line. It is cut after 16,384 characters. */
  message: string;
};

/** Which network made a prediction. The dashboard calls BRANCH1 network 1, and BRANCH2 network 2. */
export type Network =
  /** The first network, or the only one. */
  | 'BRANCH1'
  /** The second network, for methods that train two. */
  | 'BRANCH2'
  /** Both networks together, for methods that train two: the mean of their class probabilities. */
  | 'ENSEMBLE';

/** Points of several series, one series after the other, as columns of equal length: for large reports, because the server reads them several times faster than lists. A point replaces a stored one at the same step. */
export type PackedPointsInput = {
  /** How many of the points belong to each series, in the order of `series`. */
  counts: Array<number>;
  /** Names of the series, such as `miou/branch1`: each 1 to 128 printable characters. */
  series: Array<string>;
  /** Steps of the points, from 0. */
  steps: string;
  /** When each point was computed, in milliseconds since 1970 by the server's clock, as the runner knows it. Null: when the server receives it. A time more than 5 s in the future is replaced. */
  times?: string | null | undefined;
  /** Values of the points, which may be NaN or infinite. */
  values: string;
};

/** Points of one series, as columns of equal length. A point replaces a stored one at the same step. */
export type PointColumnsInput = {
  /** Name of the series, such as `miou/branch1`: 1 to 128 printable characters. */
  series: string;
  /** Steps of the points, from 0. */
  steps: Array<number>;
  /** When each point was computed, in milliseconds since 1970 by the server's clock, as the runner knows it. Null: when the server receives it. A time more than 5 s in the future is replaced. */
  times?: Array<number> | null | undefined;
  /** Values of the points, which may be NaN or infinite. */
  values: Array<number | 'NaN' | 'Infinity' | '-Infinity'>;
};

/** Pixel counts of one network's pseudo-labels since the previous evaluation. Replaces the stored counts of the same network and step. */
export type PseudoLabelsInput = {
  /** Confusion matrix in pixels, row by row: `confusion[truth * classes + pseudoLabel]`, where both are known. Null if the ground truth is unknown. */
  confusion?: Array<number> | null | undefined;
  /** Pixels of each class in the labelled training crops since the run began. Ignored pixels are not counted. */
  labelledPixels: Array<number>;
  /** Network that made the pseudo-labels, or whose teacher made them. */
  network: Network;
  /** Pixels of each class in the pseudo-labels of the unlabelled training crops. */
  pseudoPixels: Array<number>;
  /** Step of the evaluation at which the counting ended. */
  step: number;
  /** Pixels of the unlabelled training crops that have no pseudo-label. */
  undecidedPixels: number;
};

/** A picture of an image that was reviewed. Upload the file first, with `POST /uploads`. Replaces the stored picture of the same image and kind. */
export type ReviewPictureInput = {
  /** Height of the picture in pixels. */
  height: number;
  /** Identifies the image within its dataset: 1 to 512 printable characters. */
  imageId: string;
  /** What the picture shows. */
  kind: ReviewPictureKind;
  /** SHA-256 of the file, as 64 lowercase hex digits. */
  sha256: string;
  /** Step at which the image was reviewed. */
  step: number;
  /** Width of the picture in pixels. */
  width: number;
};

/** What a picture of a reviewed image shows. */
export type ReviewPictureKind =
  /** A palette PNG of 0 where prediction and label differ or, if the image has no label, the two networks; and of 1 elsewhere. */
  | 'DIFFERENCE'
  /** The image, as an RGB PNG. */
  | 'INPUT'
  /** The label of a labelled image, as a palette PNG of class indices. */
  | 'LABEL'
  /** What the networks predict together, as a palette PNG of class indices. */
  | 'PREDICTION';

/** What a runner is doing with a run. More values may follow. */
export type RunPhase =
  /** It evaluates the networks, or predicts the samples. */
  | 'EVALUATING'
  /** It downloads the checkpoint, opens and checks the dataset, and sets up the networks. */
  | 'PREPARING'
  /** It trains the networks, or writes a checkpoint. */
  | 'TRAINING'
  /** Training has stopped, and the runner sends what the server does not have yet, such as the last checkpoint. */
  | 'UPLOADING';

/** What the runner found when it set up the run. */
export type RunSetupInput = {
  /** By class index: how much a labelled pixel of the class counts in the loss, with `balance.weights` of the configuration; null if all count alike. */
  classWeights?: Array<number> | null | undefined;
  /** Hardware that the machine computes on, such as the name of its GPU. */
  device: string;
  /** Engine that the machine computes with: `tensorflow`, `webgpu`, `wasm` or `cpu`. */
  engine: string;
  /** Number of training images whose labels are used. */
  labelledImages: number;
  /** By class index: what the loss adds to the logits of the class, with `logit_adjustment` in `balance.weights`; null if nothing. */
  logitOffsets?: Array<number> | null | undefined;
  /** Number of trainable parameters per network; of the first one, if `network.second` makes them differ. */
  parameters: number;
  /** Number of trainable parameters of the second network, if `network.second` makes it differ from the first one; otherwise null. */
  secondParameters?: number | null | undefined;
  /** SHA-256 of the sorted list of labelled images. It identifies the labelled split. */
  splitHash: string;
  /** Number of training images that are used without a label. */
  unlabelledImages: number;
};

/** Whether a run is waiting, is being trained, or has ended. */
export type RunState =
  /** Canceled before it was completed. It can be retried. */
  | 'CANCELED'
  /** Canceled, but its runner has not stopped yet. */
  | 'CANCELING'
  /** Trained to the last iteration. */
  | 'COMPLETED'
  /** Ended for the reason given in `failure`. It can be retried. */
  | 'FAILED'
  /** Waiting in the queue until a runner claims it. */
  | 'QUEUED'
  /** A runner has claimed it. */
  | 'RUNNING';

/** A machine and the datasets that it holds. Each text has 1 to 256 characters. */
export type RunnerInfoInput = {
  /** Git commit of the code on the machine, as 7 to 64 hex digits, followed by `-dirty` if files have changed since; null if it is not a checkout. */
  commit?: string | null | undefined;
  /** Newest version of configurations that the runner can train. It gets no run that needs a newer one. */
  configVersion?: number;
  /** All datasets that the runner holds. They replace those that it announced before. */
  datasets: Array<DatasetInput>;
  /** Hardware that the machine computes on, such as the name of its GPU. */
  device: string;
  /** Engine that the machine computes with: `tensorflow`, `webgpu`, `wasm` or `cpu`. */
  engine: string;
  /** GPU memory in bytes; null if unknown. */
  gpuMemoryBytes?: number | null | undefined;
  /** Host name of the machine. */
  host: string;
  /** Name chosen by its owner. It need not be unique. */
  name: string;
  /** Pool that the runner belongs to. It only claims runs of this pool. */
  pool?: string;
  /** Version of the runner protocol that the runner speaks. BAD_USER_INPUT if the server no longer serves it. Runners that predate versions announce none. */
  protocolVersion?: number;
  /** Maximum number of runs that the runner trains at a time, from 1 to 64. Those above `Runner.slotLimit` do not count. */
  slots?: number;
  /** Version of Crosscheck on the machine. */
  version: string;
};

/** One copy of a runner's home, in use on one machine. All copies have the same token, but only one at a time speaks for the runner. */
export type RunnerInstanceInput = {
  /** Host name of the machine, for people; 1 to 256 characters. */
  host: string;
  /** UUID that differs between copies of the home and between boots of the machine. */
  id: string;
};

/** Whether a runner is connected and claims runs. */
export type RunnerState =
  /** Connected, but claims nothing more until its agent restarts or the drain is ended. */
  | 'DRAINING'
  /** Not heard from for one lease. */
  | 'OFFLINE'
  /** Connected, and claims runs when it has a free slot, unless it is paused. */
  | 'ONLINE';

/** One image of a sample. Upload the file first, with `POST /uploads`. The input and the ground truth are needed only once per run. Replaces the stored image of the same step, image id and kind. */
export type SampleInput = {
  /** Height of the image in pixels. */
  height: number;
  /** Identifies the image within its dataset: 1 to 512 printable characters. */
  imageId: string;
  /** What the image shows. */
  kind: SampleKind;
  /** SHA-256 of the file, as 64 lowercase hex digits. */
  sha256: string;
  /** Step at which the predictions were made. */
  step: number;
  /** Width of the image in pixels. */
  width: number;
};

/** What an image of a sample shows. */
export type SampleKind =
  /** What BRANCH1 predicts, as a palette PNG of class indices. */
  | 'BRANCH1'
  /** What BRANCH2 predicts, as a palette PNG of class indices. */
  | 'BRANCH2'
  /** What both networks together predict, as a palette PNG of class indices. */
  | 'ENSEMBLE'
  /** The label map of the image, as a palette PNG of class indices. */
  | 'GROUND_TRUTH'
  /** The input of the networks, as an RGB PNG. */
  | 'INPUT';

/** A part of a dataset. */
export type Subset =
  /** The test images. Networks are evaluated on them once, at the end of training. */
  | 'TEST'
  /** The training images. Networks are not evaluated on them. */
  | 'TRAIN'
  /** The validation images. Networks are evaluated on them during training and at the end. */
  | 'VAL';

export type RegisterRunnerMutationVariables = Exact<{
  registrationToken: string;
  info: RunnerInfoInput;
}>;


export type RegisterRunnerMutation = { registerRunner: { token: string, runner: { id: string, name: string, versionWarning: string | null } } };

export type StartRunnerMutationVariables = Exact<{
  info: RunnerInfoInput;
  instance?: RunnerInstanceInput | null | undefined;
}>;


export type StartRunnerMutation = { startRunner: { heartbeatSeconds: number, leaseSeconds: number, pollSeconds: number, protocolVersion: number, runner: { id: string, name: string, state: RunnerState, slotLimit: number, versionWarning: string | null } } };

export type ReleaseRunnerMutationVariables = Exact<{
  instance: RunnerInstanceInput;
}>;


export type ReleaseRunnerMutation = { releaseRunner: boolean };

export type ClaimRunMutationVariables = Exact<{
  instance?: RunnerInstanceInput | null | undefined;
}>;


export type ClaimRunMutation = { claimRun: { attemptId: string, fence: number, leaseSeconds: number, heartbeatSeconds: number, run: { id: string, number: number, name: string, config: Record<string, unknown>, iterations: number }, resumeFrom: { step: number, sha256: string, bytes: number, url: string } | null } | null };

export type HeartbeatMutationVariables = Exact<{
  attempts: Array<AttemptRefInput> | AttemptRefInput;
  instance?: RunnerInstanceInput | null | undefined;
  problem?: string | null | undefined;
}>;


export type HeartbeatMutation = { heartbeat: Array<{ attemptId: string, directive: Directive }> };

export type ReportAttemptMutationVariables = Exact<{
  report: AttemptReportInput;
}>;


export type ReportAttemptMutation = { reportAttempt: { acknowledged: number, directive: Directive } };

export type FinishAttemptMutationVariables = Exact<{
  attempt: AttemptRefInput;
  outcome: AttemptOutcome;
  message?: string | null | undefined;
}>;


export type FinishAttemptMutation = { finishAttempt: { id: string, state: RunState } };

export type RunQueuedSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type RunQueuedSubscription = { runQueued: boolean };

export type RunnerStatusQueryVariables = Exact<{
  id: string;
}>;


export type RunnerStatusQuery = { server: { version: string }, runner: { id: string, name: string, state: RunnerState, engine: string, device: string, problem: string | null, lastSeenAt: string, versionWarning: string | null, activeAttempts: Array<{ attempt: { fence: number, startedAt: string }, run: { number: number, name: string, step: number, iterations: number } }> } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const RegisterRunnerDocument = new TypedDocumentString(`
    mutation RegisterRunner($registrationToken: String!, $info: RunnerInfoInput!) {
  registerRunner(registrationToken: $registrationToken, info: $info) {
    token
    runner {
      id
      name
      versionWarning
    }
  }
}
    `) as unknown as TypedDocumentString<RegisterRunnerMutation, RegisterRunnerMutationVariables>;
export const StartRunnerDocument = new TypedDocumentString(`
    mutation StartRunner($info: RunnerInfoInput!, $instance: RunnerInstanceInput) {
  startRunner(info: $info, instance: $instance) {
    heartbeatSeconds
    leaseSeconds
    pollSeconds
    protocolVersion
    runner {
      id
      name
      state
      slotLimit
      versionWarning
    }
  }
}
    `) as unknown as TypedDocumentString<StartRunnerMutation, StartRunnerMutationVariables>;
export const ReleaseRunnerDocument = new TypedDocumentString(`
    mutation ReleaseRunner($instance: RunnerInstanceInput!) {
  releaseRunner(instance: $instance)
}
    `) as unknown as TypedDocumentString<ReleaseRunnerMutation, ReleaseRunnerMutationVariables>;
export const ClaimRunDocument = new TypedDocumentString(`
    mutation ClaimRun($instance: RunnerInstanceInput) {
  claimRun(instance: $instance) {
    attemptId
    fence
    leaseSeconds
    heartbeatSeconds
    run {
      id
      number
      name
      config
      iterations
    }
    resumeFrom {
      step
      sha256
      bytes
      url
    }
  }
}
    `) as unknown as TypedDocumentString<ClaimRunMutation, ClaimRunMutationVariables>;
export const HeartbeatDocument = new TypedDocumentString(`
    mutation Heartbeat($attempts: [AttemptRefInput!]!, $instance: RunnerInstanceInput, $problem: String) {
  heartbeat(attempts: $attempts, instance: $instance, problem: $problem) {
    attemptId
    directive
  }
}
    `) as unknown as TypedDocumentString<HeartbeatMutation, HeartbeatMutationVariables>;
export const ReportAttemptDocument = new TypedDocumentString(`
    mutation ReportAttempt($report: AttemptReportInput!) {
  reportAttempt(report: $report) {
    acknowledged
    directive
  }
}
    `) as unknown as TypedDocumentString<ReportAttemptMutation, ReportAttemptMutationVariables>;
export const FinishAttemptDocument = new TypedDocumentString(`
    mutation FinishAttempt($attempt: AttemptRefInput!, $outcome: AttemptOutcome!, $message: String) {
  finishAttempt(attempt: $attempt, outcome: $outcome, message: $message) {
    id
    state
  }
}
    `) as unknown as TypedDocumentString<FinishAttemptMutation, FinishAttemptMutationVariables>;
export const RunQueuedDocument = new TypedDocumentString(`
    subscription RunQueued {
  runQueued
}
    `) as unknown as TypedDocumentString<RunQueuedSubscription, RunQueuedSubscriptionVariables>;
export const RunnerStatusDocument = new TypedDocumentString(`
    query RunnerStatus($id: ID!) {
  server {
    version
  }
  runner(id: $id) {
    id
    name
    state
    engine
    device
    problem
    lastSeenAt
    versionWarning
    activeAttempts {
      attempt {
        fence
        startedAt
      }
      run {
        number
        name
        step
        iterations
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunnerStatusQuery, RunnerStatusQueryVariables>;