/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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

/** Whether an attempt is active, or how it ended. */
export type AttemptState =
  /** The runner holds the lease. */
  | 'ACTIVE'
  /** Training stopped because the run was canceled. */
  | 'CANCELED'
  /** Training could not succeed. The run is FAILED too. */
  | 'FAILED'
  /** The machine failed: the process died, the lease expired, the agent restarted, or the runner was removed. */
  | 'LOST'
  /** The runner returned the run to the queue. */
  | 'RELEASED'
  /** Training has completed. */
  | 'SUCCEEDED';

/** Which value is the best one. */
export type BestValue =
  /** The highest, as for scores. */
  | 'HIGHEST'
  /** The lowest, as for losses. */
  | 'LOWEST';

/** Why a class is not predicted, or hardly. */
export type ClassCause =
  /** Its pixels are taken for one other class that does not dominate everything. */
  | 'CONFUSED'
  /** The networks predict it, but below the confidence from which the method uses a pseudo-label. */
  | 'EXCLUDED_BY_CONFIDENCE'
  /** Few labelled images hold it. */
  | 'FEW_IMAGES'
  /** It has few labelled pixels. */
  | 'FEW_PIXELS'
  /** It was predicted and then lost, in a run that learns from pseudo-labels. */
  | 'LOST_IN_TRAINING'
  /** No labelled image of the split holds it. */
  | 'NO_LABELS'
  /** Labelled images hold it, but few of the training crops do. */
  | 'STARVED_IN_CROPS'
  /** None of the causes above fits. */
  | 'UNKNOWN';

/** A token that lets machines register as runners. */
export type CreateRegistrationTokenInput = {
  /** Seconds until it expires, at most 315,360,000 (ten years); null means never. */
  expiresInSeconds?: number | null | undefined;
  /** What the token is for: a text of 1 to 128 characters. */
  label: string;
  /** How many runners may register with it, at least 1; null means any number. */
  uses?: number | null | undefined;
};

/** A run to queue. */
export type CreateRunInput = {
  /** Configuration of the run, as described by `runConfigSchema`. Its dataset must be known to the server. Required, unless `from` is given: it then defaults to the configuration of that run. */
  config?: Record<string, unknown> | null | undefined;
  /** Run to clone, which becomes the `Run.parent` of the new one. Only its configuration is copied, or nothing if `config` is given. BAD_USER_INPUT if it does not exist. */
  from?: string | null | undefined;
  /** Name of the run, 1 to 256 characters long. By default it is made from the method, the backbone, the split and the seed. */
  name?: string | null | undefined;
  /** Higher priority runs first. Default: 0. */
  priority?: number | null | undefined;
  /** Study that the run belongs to; null if it belongs to none. */
  studyId?: string | null | undefined;
  /** Tags to find the run by. At most 50, each 1 to 64 characters long. Duplicates are dropped. */
  tags?: Array<string> | null | undefined;
};

/** A filter to save. */
export type CreateSavedFilterInput = {
  /** Fields to show as columns, written as in filters, such as `iou(pole)`. At most 50. Default: none. */
  columns?: Array<string> | null | undefined;
  /** Name, 1 to 128 characters. CONFLICT if a filter of the account has it. */
  name: string;
  /** The filter as one line of text. BAD_USER_INPUT if `runs(query:)` refuses it. */
  query: string;
  /** Whether everybody sees it. Default: false. */
  shared?: boolean | null | undefined;
  /** What to sort by, as for `runs(sort:)`, such as `miou desc, seed`. Default: none. */
  sort?: string | null | undefined;
};

/** A study to create. Every combination of the matrix becomes a run, at most 500. */
export type CreateStudyInput = {
  /** Configuration that all runs share, as described by `runConfigSchema`, but without `method`. If the matrix has `labelledRatios` or `splits`, `split` may only have a `seed`. */
  base: Record<string, unknown>;
  /** Notes in Markdown, at most 10,000 characters. Default: empty. */
  description?: string | null | undefined;
  /** Values to combine: `methods`, and optionally `labelledRatios` or `splits`, `backbones`, `seeds` and `variants`, named changes of the base (docs/api/studies.md). What is left out is taken from `base`. */
  matrix: Record<string, unknown>;
  /** Name of the study, 1 to 256 characters long. */
  name: string;
  /** Priority of every run. Higher priority runs first. Default: 0. */
  priority?: number | null | undefined;
  /** Tags of every run. At most 50, each 1 to 64 characters long. Duplicates are dropped. */
  tags?: Array<string> | null | undefined;
};

/** What a condition compares. Give exactly one of `path`, `metric`, `score` and `alarm`. */
export type FilterFieldInput = {
  /** Of alarms: true counts only those that last, false only those that are over. Default: both. */
  active?: boolean | null | undefined;
  /** Whether the run has raised an alarm of this kind, or of `any` kind. It is compared with true or false. */
  alarm?: string | null | undefined;
  /** The class that IOU, PRECISION and RECALL need. */
  class?: string | null | undefined;
  /** A series, such as `loss`. */
  metric?: string | null | undefined;
  /** Of a score: the network. Default: BRANCH1. */
  network?: string | null | undefined;
  /** Of a metric: which number of it. Default: LAST. */
  of?: MetricSummary | null | undefined;
  /** A field of runs, such as `state`, or a setting of their configurations, such as `network.width`. */
  path?: string | null | undefined;
  /** Of a score: the NEWEST evaluation of the network on the subset, or the BEST by mIoU. Default: NEWEST. */
  pick?: string | null | undefined;
  /** A score of an evaluation. */
  score?: Score | null | undefined;
  /** Of a score: the subset. Default: VAL. */
  subset?: string | null | undefined;
};

/** How a field is compared. A comparison with something that a run does not have is false. */
export type FilterOperator =
  /** Contains the text, ignoring case. */
  | 'CONTAINS'
  /** Is equal to the value. */
  | 'EQ'
  /** Is at least the value. */
  | 'GE'
  /** Is greater than the value, or later. */
  | 'GT'
  /** Is equal to one of the values, a list. */
  | 'IN'
  /** The run has a value, which may be NaN. Takes no value. */
  | 'KNOWN'
  /** Is at most the value. */
  | 'LE'
  /** Is less than the value, or earlier. */
  | 'LT'
  /** Starts with the text, ignoring case. */
  | 'STARTS_WITH';

/** How a run was made from another one. */
export type LineageKind =
  /** Queued with `CreateRunInput.from`: the same configuration, or a changed one. */
  | 'CLONE'
  /** Queued by `retryRun` with `copy`: the same configuration, from the beginning. */
  | 'RETRY';

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

/** One number for a series. */
export type MetricSummary =
  /** The newest value. */
  | 'LAST'
  /** The highest value. NaN is ignored. */
  | 'MAX'
  /** The mean of the newest 10 values, or of all if there are fewer. */
  | 'MEAN10'
  /** The mean of the newest 100 values, or of all if there are fewer. */
  | 'MEAN100'
  /** The lowest value. NaN is ignored. */
  | 'MIN';

/** Which network made a prediction. The dashboard calls BRANCH1 network 1, and BRANCH2 network 2. */
export type Network =
  /** The first network, or the only one. */
  | 'BRANCH1'
  /** The second network, for methods that train two. */
  | 'BRANCH2'
  /** Both networks together, for methods that train two: the mean of their class probabilities. */
  | 'ENSEMBLE';

/** Which of several evaluations to return. */
export type Pick =
  /** Highest mIoU, earliest on ties. */
  | 'BEST'
  /** Latest step. */
  | 'NEWEST';

/** What a written cell shows besides its mean. */
export type PivotDetail =
  /** The gain over the baseline, and its p value. */
  | 'GAIN'
  /** The 95 % confidence interval of the mean. */
  | 'INTERVAL'
  /** How many runs the mean is computed from. */
  | 'N'
  /** The published value, and the difference from it. */
  | 'PUBLISHED'
  /** The sample standard deviation. */
  | 'STD';

/** Format of a table as text. */
export type PivotFormat =
  /** A line for each cell, with all of its numbers, unrounded (RFC 4180). Texts that a spreadsheet would take for a formula begin with '. */
  | 'CSV'
  /** A LaTeX table, which needs the package booktabs. */
  | 'LATEX'
  /** A table of GitHub Flavored Markdown. */
  | 'MARKDOWN'
  /** Aligned columns, for a terminal. */
  | 'TEXT';

/** A paper's table, whose numbers can be compared with those of runs. */
export type PublishedResults =
  /** The paper on cross pseudo supervision (CVPR 2021), Cityscapes val: mIoU of one run each. */
  | 'CPS_CITYSCAPES'
  /** The paper on cross pseudo supervision (CVPR 2021), PASCAL VOC 2012 val: mIoU of one run each. */
  | 'CPS_VOC';

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

/** A condition. Give exactly one of `and`, `or`, `not` and `field`. docs/api/filter.md has examples, and the same as one line of text. */
export type RunWhere = {
  /** All of these hold. */
  and?: Array<RunWhere> | null | undefined;
  /** What is compared with `value`. */
  field?: FilterFieldInput | null | undefined;
  /** This does not hold. It then includes runs that lack the field. */
  not?: RunWhere | null | undefined;
  /** How. Default: EQ. */
  op?: FilterOperator | null | undefined;
  /** At least one of these holds. */
  or?: Array<RunWhere> | null | undefined;
  /** What the field is compared with. */
  value?: string | number | boolean | (string | number | boolean)[] | null | undefined;
};

/** Whether a runner is connected and claims runs. */
export type RunnerState =
  /** Connected, but claims nothing more until its agent restarts or the drain is ended. */
  | 'DRAINING'
  /** Not heard from for one lease. */
  | 'OFFLINE'
  /** Connected, and claims runs when it has a free slot, unless it is paused. */
  | 'ONLINE';

/** A score of an evaluation, in [0, 1]; docs/metrics.md has the formulas. */
export type Score =
  /** IoU of a class. */
  | 'IOU'
  /** mIoU. */
  | 'MEAN_IOU'
  /** Share of pixels whose class was predicted correctly. */
  | 'PIXEL_ACCURACY'
  /** Share of the pixels predicted as a class that are of it. */
  | 'PRECISION'
  /** Mean IoU of the rare classes of the dataset (`Dataset.rareClasses`). */
  | 'RARE_MEAN_IOU'
  /** Share of the pixels of a class that were predicted as it. */
  | 'RECALL';

/** A part of a dataset. */
export type Subset =
  /** The test images. Networks are evaluated on them once, at the end of training. */
  | 'TEST'
  /** The training images. Networks are not evaluated on them. */
  | 'TRAIN'
  /** The validation images. Networks are evaluated on them during training and at the end. */
  | 'VAL';

/** What to change about a run. At least one field is needed. Fields that are null or left out do not change. */
export type UpdateRunInput = {
  /** Tags to add to those that it has. Null or left out: not changed. */
  addTags?: Array<string> | null | undefined;
  /** Whether it is archived, so that lists of the dashboard and the command line leave it out. Null or left out: not changed. */
  archived?: boolean | null | undefined;
  /** New name, 1 to 256 characters. Null or left out: not changed. BAD_USER_INPUT in `updateRuns`. */
  name?: string | null | undefined;
  /** Notes in Markdown, at most 10,000 characters; an empty text removes them. Null or left out: not changed. */
  notes?: string | null | undefined;
  /** Higher priority runs first. Null or left out: not changed. CONFLICT unless the run is QUEUED. */
  priority?: number | null | undefined;
  /** Tags to remove. Those that it does not have are ignored. Null or left out: not changed. */
  removeTags?: Array<string> | null | undefined;
  /** All tags; an empty list removes them. At most 50, each 1 to 64 characters. Null or left out: not changed. */
  tags?: Array<string> | null | undefined;
};

/** Why a runner cannot claim a run, or why no runner can. `WaitingReason.parameters` has the values. */
export type WaitingCode =
  /** The last checkpoint of the run is still being uploaded. */
  | 'CHECKPOINT'
  /** The runner is too old for settings of the run. Parameters: `needed`; for a runner also `has`, `version` and `settings`, the paths that it does not know. */
  | 'CONFIG_VERSION'
  /** The runner does not hold the dataset with this content. Parameter: `dataset`. */
  | 'DATASET'
  /** The runner claims nothing until its agent restarts or the drain is ended. */
  | 'DRAINING'
  /** The runner has another engine, or no runner in the pool has the engine. Parameters: `engine`, `pool`; of a runner, `runnerEngine`. */
  | 'ENGINE'
  /** The runner has not been heard from for one lease. Parameter: `lastSeenAt`. */
  | 'OFFLINE'
  /** The runner claims nothing until it is resumed. */
  | 'PAUSED'
  /** The runner is in another pool, or no runner is in the pool. Parameters: `pool`; of a runner, `runnerPool`. */
  | 'POOL'
  /** The runner says that it cannot train, for example because its disk is full. Parameter: `problem`. */
  | 'PROBLEM'
  /** All slots of the runner are taken. Parameters: `slots`, `active`. */
  | 'SLOTS'
  /** All runners that fit are offline, draining, paused or have a problem. */
  | 'UNAVAILABLE';

export type ClinicQueryVariables = Exact<{
  id?: string | null | undefined;
  number?: number | null | undefined;
  network: Network;
}>;


export type ClinicQuery = { run: { id: string, number: number, name: string, config: Record<string, unknown>, clinic: Array<{ name: string, labelledImages: number | null, labelledShare: number | null, cropShare: number | null, pseudoShare: number | null, confidence: number | null, iou: number | null, recall: number | null, diagnosis: { summary: string, findings: Array<{ cause: ClassCause, strength: number, words: string }>, remedies: Array<{ words: string, settings: Record<string, unknown> }> } | null }> } | null };

export type DiffRunsQueryVariables = Exact<{
  runIds: Array<string> | string;
  pick: Pick;
  network: Network;
  subset: Subset;
}>;


export type DiffRunsQuery = { compareConfigs: { equalSettings: number, settings: Array<{ path: string, values: Array<unknown> }>, facts: Array<{ path: string, values: Array<unknown> }> }, compareClassIous: Array<{ run: { id: string, number: number, name: string }, evaluation: { step: number, meanIou: number | null, pixelAccuracy: number | null, frequencyWeightedIou: number | null, classScores: { classes: Array<string>, ious: Array<number | null> } } | null }> };

export type RunClassesQueryVariables = Exact<{
  id?: string | null | undefined;
  number?: number | null | undefined;
  pick: Pick;
  step?: number | null | undefined;
  network: Network;
  subset: Subset;
}>;


export type RunClassesQuery = { run: { id: string, number: number, name: string, evaluation: { step: number, network: Network, subset: Subset, meanIou: number | null, classScores: { classes: Array<string>, ious: Array<number | null>, precisions: Array<number | null>, recalls: Array<number | null> }, mostConfused: Array<{ truth: string, prediction: string, pixels: number, share: number }> } | null } | null };

export type PicturesFragment = { inputUrl: string, labelUrl: string | null, predictionUrl: string | null, differenceUrl: string | null };

export type LabelNextQueryVariables = Exact<{
  id?: string | null | undefined;
  number?: number | null | undefined;
  first: number;
  forClass?: string | null | undefined;
}>;


export type LabelNextQuery = { run: { number: number, name: string, state: RunState, labelNext: Array<{ imageId: string, score: number, similarTo: string | null, disagreement: number | null, entropy: number, confidence: number, classes: Array<{ name: string, predictedShare: number, expectedShare: number }>, pictures: { inputUrl: string, labelUrl: string | null, predictionUrl: string | null, differenceUrl: string | null } | null }> } | null };

export type SuspiciousLabelsQueryVariables = Exact<{
  id?: string | null | undefined;
  number?: number | null | undefined;
  first: number;
}>;


export type SuspiciousLabelsQuery = { run: { number: number, name: string, state: RunState, suspiciousLabels: Array<{ imageId: string, score: number, doubts: Array<{ label: string, takenFor: string, score: number, pixels: number, left: number, top: number, right: number, bottom: number, labelProbability: number, otherProbability: number }>, pictures: { inputUrl: string, labelUrl: string | null, predictionUrl: string | null, differenceUrl: string | null } | null }> } | null };

export type RegistrationTokenMutationVariables = Exact<{
  input: CreateRegistrationTokenInput;
}>;


export type RegistrationTokenMutation = { createRegistrationToken: { token: string } };

export type RunnersQueryVariables = Exact<{ [key: string]: never; }>;


export type RunnersQuery = { runners: Array<{ id: string, state: RunnerState, engine: string, device: string, lastSeenAt: string, datasets: Array<{ name: string, kind: string }> }> };

export type RunnerNamesQueryVariables = Exact<{ [key: string]: never; }>;


export type RunnerNamesQuery = { runners: Array<{ id: string, name: string }> };

export type RunnerLineFragment = { id: string, name: string, state: RunnerState, paused: boolean };

export type PauseRunnerMutationVariables = Exact<{
  id: string;
}>;


export type PauseRunnerMutation = { runner: { id: string, name: string, state: RunnerState, paused: boolean } };

export type ResumeRunnerMutationVariables = Exact<{
  id: string;
}>;


export type ResumeRunnerMutation = { runner: { id: string, name: string, state: RunnerState, paused: boolean } };

export type DrainRunnerMutationVariables = Exact<{
  id: string;
}>;


export type DrainRunnerMutation = { runner: { id: string, name: string, state: RunnerState, paused: boolean } };

export type UndrainRunnerMutationVariables = Exact<{
  id: string;
}>;


export type UndrainRunnerMutation = { runner: { id: string, name: string, state: RunnerState, paused: boolean } };

export type RenameRunnerMutationVariables = Exact<{
  id: string;
  name: string;
}>;


export type RenameRunnerMutation = { runner: { id: string, name: string, state: RunnerState, paused: boolean } };

export type RotateRunnerTokenMutationVariables = Exact<{
  id: string;
  overlapSeconds: number;
}>;


export type RotateRunnerTokenMutation = { rotateRunnerToken: { token: string } };

export type QueueRunMutationVariables = Exact<{
  input: CreateRunInput;
}>;


export type QueueRunMutation = { createRun: { id: string, name: string, number: number, waitsFor: string | null } };

export type RunLineFragment = { id: string, number: number, name: string, state: RunState, phase: RunPhase | null, step: number, iterations: number, method: string, methodLabel: string, backbone: string, splitLabel: string, seed: number, tags: Array<string>, failure: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, dataset: { name: string }, runner: { name: string } | null, study: { id: string, name: string } | null, best: { step: number, meanIou: number | null } | null, last: { step: number, meanIou: number | null } | null };

export type ListRunsQueryVariables = Exact<{
  where?: RunWhere | null | undefined;
  query?: string | null | undefined;
  sort?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type ListRunsQuery = { runs: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, number: number, name: string, state: RunState, phase: RunPhase | null, step: number, iterations: number, method: string, methodLabel: string, backbone: string, splitLabel: string, seed: number, tags: Array<string>, failure: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, dataset: { name: string }, runner: { name: string } | null, study: { id: string, name: string } | null, best: { step: number, meanIou: number | null } | null, last: { step: number, meanIou: number | null } | null } }> } };

export type RunColumnsQueryVariables = Exact<{
  where?: RunWhere | null | undefined;
  query?: string | null | undefined;
  sort?: string | null | undefined;
  fields: Array<string> | string;
  first: number;
  after?: string | null | undefined;
}>;


export type RunColumnsQuery = { runs: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { values: Array<string | number | boolean | (string | number | boolean)[] | null> } }> } };

export type RunGroupsQueryVariables = Exact<{
  by: Array<string> | string;
  values: Array<string> | string;
  best: BestValue;
  where?: RunWhere | null | undefined;
  query?: string | null | undefined;
  sort?: string | null | undefined;
  first: number;
  after?: string | null | undefined;
}>;


export type RunGroupsQuery = { runGroups: { totalCount: number, pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { key: Array<string | number | boolean | (string | number | boolean)[] | null>, count: number, states: { queued: number, running: number, completed: number, failed: number, canceled: number }, values: Array<{ n: number, mean: number | null, std: number | null, minimum: number | null, maximum: number | null, diverged: number }>, best: { id: string, number: number, name: string } | null } }> } };

export type FindRunQueryVariables = Exact<{
  id?: string | null | undefined;
  number?: number | null | undefined;
}>;


export type FindRunQuery = { run: { id: string, number: number, state: RunState } | null };

export type ShowRunQueryVariables = Exact<{
  id?: string | null | undefined;
  number?: number | null | undefined;
}>;


export type ShowRunQuery = { run: { notes: string, archivedAt: string | null, pool: string, priority: number, config: Record<string, unknown>, splitHash: string | null, id: string, number: number, name: string, state: RunState, phase: RunPhase | null, step: number, iterations: number, method: string, methodLabel: string, backbone: string, splitLabel: string, seed: number, tags: Array<string>, failure: string | null, createdAt: string, startedAt: string | null, finishedAt: string | null, parent: { kind: LineageKind, number: number } | null, children: Array<{ number: number }>, edits: Array<{ at: string, account: { name: string } }>, waiting: { ahead: number, reason: { code: WaitingCode, message: string, parameters: Record<string, unknown> } | null, estimate: { startsAt: string } | null, runners: Array<{ runner: { name: string }, reason: { code: WaitingCode, message: string, parameters: Record<string, unknown> } | null }> } | null, dataset: { name: string, classes: Array<{ name: string }> }, setup: { engine: string, device: string, labelledImages: number, unlabelledImages: number, parameters: number, classWeights: Array<number> | null, logitOffsets: Array<number> | null, secondParameters: number | null } | null, attempts: Array<{ fence: number, state: AttemptState, startedAt: string, finishedAt: string | null, message: string | null, runner: { name: string } | null }>, bestScores: { step: number, subset: Subset, network: Network, meanIou: number | null, pixelAccuracy: number | null, classIous: Array<{ classIndex: number, name: string, iou: number | null }> } | null, lastScores: { step: number, subset: Subset, network: Network, meanIou: number | null, pixelAccuracy: number | null, classIous: Array<{ classIndex: number, name: string, iou: number | null }> } | null, testScores: { step: number, subset: Subset, network: Network, meanIou: number | null, pixelAccuracy: number | null, classIous: Array<{ classIndex: number, name: string, iou: number | null }> } | null, alarms: Array<{ step: number, overStep: number | null, kind: AlarmKind, network: Network | null, classIndex: number | null, message: string }>, runner: { name: string } | null, study: { id: string, name: string } | null, best: { step: number, meanIou: number | null } | null, last: { step: number, meanIou: number | null } | null } | null };

export type ScoresFragment = { step: number, subset: Subset, network: Network, meanIou: number | null, pixelAccuracy: number | null, classIous: Array<{ classIndex: number, name: string, iou: number | null }> };

export type RunLogQueryVariables = Exact<{
  id: string;
  last: number;
  after?: string | null | undefined;
  fromStart?: boolean;
}>;


export type RunLogQuery = { run: { state: RunState, log: Array<{ id: string, at: string, level: LogLevel, fence: number, message: string }> } | null };

export type CancelRunMutationVariables = Exact<{
  id: string;
}>;


export type CancelRunMutation = { cancelRun: { id: string, number: number, name: string, state: RunState } };

export type RetryRunMutationVariables = Exact<{
  id: string;
  maxHours?: number | null | undefined;
}>;


export type RetryRunMutation = { retryRun: { id: string, number: number, name: string, state: RunState, step: number } };

export type UpdateRunMutationVariables = Exact<{
  id: string;
  input: UpdateRunInput;
}>;


export type UpdateRunMutation = { updateRun: { id: string, number: number, name: string, state: RunState } };

export type DeleteRunMutationVariables = Exact<{
  id: string;
}>;


export type DeleteRunMutation = { deleteRun: string };

export type ChangedFragment = { dryRun: boolean, matched: number, changed: number, numbers: Array<number>, refused: Array<{ number: number, reason: string }> };

export type UpdateRunsMutationVariables = Exact<{
  query: string;
  dryRun: boolean;
  expectedCount?: number | null | undefined;
  input: UpdateRunInput;
}>;


export type UpdateRunsMutation = { result: { dryRun: boolean, matched: number, changed: number, numbers: Array<number>, refused: Array<{ number: number, reason: string }> } };

export type CancelRunsMutationVariables = Exact<{
  query: string;
  dryRun: boolean;
  expectedCount?: number | null | undefined;
}>;


export type CancelRunsMutation = { result: { dryRun: boolean, matched: number, changed: number, numbers: Array<number>, refused: Array<{ number: number, reason: string }> } };

export type RetryRunsMutationVariables = Exact<{
  query: string;
  dryRun: boolean;
  expectedCount?: number | null | undefined;
  maxHours?: number | null | undefined;
}>;


export type RetryRunsMutation = { result: { dryRun: boolean, matched: number, changed: number, numbers: Array<number>, refused: Array<{ number: number, reason: string }> } };

export type DeleteRunsMutationVariables = Exact<{
  query: string;
  dryRun: boolean;
  expectedCount?: number | null | undefined;
}>;


export type DeleteRunsMutation = { result: { dryRun: boolean, matched: number, changed: number, numbers: Array<number>, refused: Array<{ number: number, reason: string }> } };

export type SavedFiltersQueryVariables = Exact<{ [key: string]: never; }>;


export type SavedFiltersQuery = { savedFilters: Array<{ id: string, name: string, query: string, columns: Array<string>, sort: string | null, shared: boolean, owner: { name: string } }> };

export type CreateSavedFilterMutationVariables = Exact<{
  input: CreateSavedFilterInput;
}>;


export type CreateSavedFilterMutation = { createSavedFilter: { id: string } };

export type DeleteSavedFilterMutationVariables = Exact<{
  id: string;
}>;


export type DeleteSavedFilterMutation = { deleteSavedFilter: string };

export type CreateStudyMutationVariables = Exact<{
  input: CreateStudyInput;
}>;


export type CreateStudyMutation = { createStudy: { id: string } };

export type PlanStudyQueryVariables = Exact<{
  input: CreateStudyInput;
}>;


export type PlanStudyQuery = { planStudy: { runs: number, names: Array<string>, waiting: Array<{ runs: number, reason: { message: string } }> } };

export type StudiesQueryVariables = Exact<{
  after?: string | null | undefined;
}>;


export type StudiesQuery = { studies: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, name: string, runCounts: { queued: number, running: number } } }> } };

export type StudyProgressQueryVariables = Exact<{
  studyId: string;
}>;


export type StudyProgressQuery = { study: { runs: { edges: Array<{ node: { id: string, name: string, state: RunState, step: number, iterations: number, failure: string | null, evaluation: { step: number, meanIou: number | null } | null, series: Array<{ name: string, lastValue: number | 'NaN' | 'Infinity' | '-Infinity' }> } }> } } | null };

export type TableFieldsFragment = { subset: Subset, classes: Array<{ name: string }>, rareClasses: Array<{ name: string }>, rows: Array<{ methodLabel: string, splitLabel: string, splitHash: string | null, n: number, runs: Array<{ number: number, alarms: Array<{ message: string }> }>, meanIou: { mean: number, std: number | null } | null, rareMeanIou: { mean: number, std: number | null } | null, pixelAccuracy: { mean: number, std: number | null } | null, frequencyWeightedIou: { mean: number, std: number | null } | null, classIous: Array<{ mean: number, std: number | null } | null> }> };

export type StudyTableQueryVariables = Exact<{
  studyId: string;
}>;


export type StudyTableQuery = { study: { table: { subset: Subset, classes: Array<{ name: string }>, rareClasses: Array<{ name: string }>, rows: Array<{ methodLabel: string, splitLabel: string, splitHash: string | null, n: number, runs: Array<{ number: number, alarms: Array<{ message: string }> }>, meanIou: { mean: number, std: number | null } | null, rareMeanIou: { mean: number, std: number | null } | null, pixelAccuracy: { mean: number, std: number | null } | null, frequencyWeightedIou: { mean: number, std: number | null } | null, classIous: Array<{ mean: number, std: number | null } | null> }> } } | null };

export type StudyConfigsQueryVariables = Exact<{
  studyId: string;
}>;


export type StudyConfigsQuery = { study: { runs: { edges: Array<{ node: { config: Record<string, unknown> } }> } } | null };

export type StudyReportQueryVariables = Exact<{
  studyId: string;
  subset: Subset;
}>;


export type StudyReportQuery = { study: { name: string, description: string, runs: { edges: Array<{ node: { number: number, name: string, state: RunState, seed: number, config: Record<string, unknown>, startedAt: string | null, finishedAt: string | null, setup: { engine: string, device: string, labelledImages: number, unlabelledImages: number, parameters: number, secondParameters: number | null } | null, branch1: { step: number, meanIou: number | null } | null, branch2: { meanIou: number | null } | null, ensemble: { meanIou: number | null } | null } }> } } | null };

export type StudyPivotQueryVariables = Exact<{
  studyId: string;
  rows: Array<string> | string;
  columns: Array<string> | string;
  value: string;
  beside: Array<string> | string;
  baseline?: string | null | undefined;
  published?: PublishedResults | null | undefined;
  format: PivotFormat;
  details: Array<PivotDetail> | PivotDetail;
  digits: number;
}>;


export type StudyPivotQuery = { study: { pivot: { render: string } } | null };

export type StudyDesignQueryVariables = Exact<{
  studyId: string;
}>;


export type StudyDesignQuery = { study: { matrix: Record<string, unknown> | null, baseline: { id: string } | null } | null };

export type WatchRunSubscriptionVariables = Exact<{
  runId: string;
}>;


export type WatchRunSubscription = { runChanged: { id: string, number: number, name: string, state: RunState, phase: RunPhase | null, step: number, iterations: number, failure: string | null, startedAt: string | null, metrics: Array<{ name: string, steps: Array<number>, values: Array<number | 'NaN' | 'Infinity' | '-Infinity'> }>, best: { step: number, meanIou: number | null } | null, last: { step: number, meanIou: number | null } | null, activeAlarms: Array<{ id: string, step: number, kind: AlarmKind, network: Network | null, message: string }> } };

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
export const PicturesFragmentDoc = new TypedDocumentString(`
    fragment Pictures on ReviewPictures {
  inputUrl
  labelUrl
  predictionUrl
  differenceUrl
}
    `, {"fragmentName":"Pictures"}) as unknown as TypedDocumentString<PicturesFragment, unknown>;
export const RunnerLineFragmentDoc = new TypedDocumentString(`
    fragment RunnerLine on Runner {
  id
  name
  state
  paused
}
    `, {"fragmentName":"RunnerLine"}) as unknown as TypedDocumentString<RunnerLineFragment, unknown>;
export const RunLineFragmentDoc = new TypedDocumentString(`
    fragment RunLine on Run {
  id
  number
  name
  state
  phase
  step
  iterations
  method
  methodLabel
  backbone
  splitLabel
  seed
  tags
  failure
  createdAt
  startedAt
  finishedAt
  dataset {
    name
  }
  runner {
    name
  }
  study {
    id
    name
  }
  best: evaluation(pick: BEST) {
    step
    meanIou
  }
  last: evaluation(pick: NEWEST) {
    step
    meanIou
  }
}
    `, {"fragmentName":"RunLine"}) as unknown as TypedDocumentString<RunLineFragment, unknown>;
export const ScoresFragmentDoc = new TypedDocumentString(`
    fragment Scores on Evaluation {
  step
  subset
  network
  meanIou
  pixelAccuracy
  classIous {
    classIndex
    name
    iou
  }
}
    `, {"fragmentName":"Scores"}) as unknown as TypedDocumentString<ScoresFragment, unknown>;
export const ChangedFragmentDoc = new TypedDocumentString(`
    fragment Changed on ChangedRuns {
  dryRun
  matched
  changed
  numbers
  refused {
    number
    reason
  }
}
    `, {"fragmentName":"Changed"}) as unknown as TypedDocumentString<ChangedFragment, unknown>;
export const TableFieldsFragmentDoc = new TypedDocumentString(`
    fragment TableFields on StudyTable {
  subset
  classes {
    name
  }
  rareClasses {
    name
  }
  rows {
    methodLabel
    splitLabel
    splitHash
    n
    runs {
      number
      alarms(kind: DATA) {
        message
      }
    }
    meanIou {
      mean
      std
    }
    rareMeanIou {
      mean
      std
    }
    pixelAccuracy {
      mean
      std
    }
    frequencyWeightedIou {
      mean
      std
    }
    classIous {
      mean
      std
    }
  }
}
    `, {"fragmentName":"TableFields"}) as unknown as TypedDocumentString<TableFieldsFragment, unknown>;
export const ClinicDocument = new TypedDocumentString(`
    query Clinic($id: ID, $number: Int, $network: Network!) {
  run(id: $id, number: $number) {
    id
    number
    name
    config
    clinic(network: $network) {
      name
      labelledImages
      labelledShare
      cropShare
      pseudoShare
      confidence
      iou
      recall
      diagnosis {
        summary
        findings {
          cause
          strength
          words
        }
        remedies {
          words
          settings
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ClinicQuery, ClinicQueryVariables>;
export const DiffRunsDocument = new TypedDocumentString(`
    query DiffRuns($runIds: [ID!]!, $pick: Pick!, $network: Network!, $subset: Subset!) {
  compareConfigs(runIds: $runIds) {
    equalSettings
    settings {
      path
      values
    }
    facts {
      path
      values
    }
  }
  compareClassIous(
    runIds: $runIds
    pick: $pick
    network: $network
    subset: $subset
  ) {
    run {
      id
      number
      name
    }
    evaluation {
      step
      meanIou
      pixelAccuracy
      frequencyWeightedIou
      classScores {
        classes
        ious
      }
    }
  }
}
    `) as unknown as TypedDocumentString<DiffRunsQuery, DiffRunsQueryVariables>;
export const RunClassesDocument = new TypedDocumentString(`
    query RunClasses($id: ID, $number: Int, $pick: Pick!, $step: Int, $network: Network!, $subset: Subset!) {
  run(id: $id, number: $number) {
    id
    number
    name
    evaluation(pick: $pick, step: $step, network: $network, subset: $subset) {
      step
      network
      subset
      meanIou
      classScores {
        classes
        ious
        precisions
        recalls
      }
      mostConfused(top: 10) {
        truth
        prediction
        pixels
        share
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunClassesQuery, RunClassesQueryVariables>;
export const LabelNextDocument = new TypedDocumentString(`
    query LabelNext($id: ID, $number: Int, $first: Int!, $forClass: String) {
  run(id: $id, number: $number) {
    number
    name
    state
    labelNext(first: $first, forClass: $forClass) {
      imageId
      score
      similarTo
      disagreement
      entropy
      confidence
      classes {
        name
        predictedShare
        expectedShare
      }
      pictures {
        ...Pictures
      }
    }
  }
}
    fragment Pictures on ReviewPictures {
  inputUrl
  labelUrl
  predictionUrl
  differenceUrl
}`) as unknown as TypedDocumentString<LabelNextQuery, LabelNextQueryVariables>;
export const SuspiciousLabelsDocument = new TypedDocumentString(`
    query SuspiciousLabels($id: ID, $number: Int, $first: Int!) {
  run(id: $id, number: $number) {
    number
    name
    state
    suspiciousLabels(first: $first) {
      imageId
      score
      doubts {
        label
        takenFor
        score
        pixels
        left
        top
        right
        bottom
        labelProbability
        otherProbability
      }
      pictures {
        ...Pictures
      }
    }
  }
}
    fragment Pictures on ReviewPictures {
  inputUrl
  labelUrl
  predictionUrl
  differenceUrl
}`) as unknown as TypedDocumentString<SuspiciousLabelsQuery, SuspiciousLabelsQueryVariables>;
export const RegistrationTokenDocument = new TypedDocumentString(`
    mutation RegistrationToken($input: CreateRegistrationTokenInput!) {
  createRegistrationToken(input: $input) {
    token
  }
}
    `) as unknown as TypedDocumentString<RegistrationTokenMutation, RegistrationTokenMutationVariables>;
export const RunnersDocument = new TypedDocumentString(`
    query Runners {
  runners {
    id
    state
    engine
    device
    lastSeenAt
    datasets {
      name
      kind
    }
  }
}
    `) as unknown as TypedDocumentString<RunnersQuery, RunnersQueryVariables>;
export const RunnerNamesDocument = new TypedDocumentString(`
    query RunnerNames {
  runners {
    id
    name
  }
}
    `) as unknown as TypedDocumentString<RunnerNamesQuery, RunnerNamesQueryVariables>;
export const PauseRunnerDocument = new TypedDocumentString(`
    mutation PauseRunner($id: ID!) {
  runner: pauseRunner(id: $id) {
    ...RunnerLine
  }
}
    fragment RunnerLine on Runner {
  id
  name
  state
  paused
}`) as unknown as TypedDocumentString<PauseRunnerMutation, PauseRunnerMutationVariables>;
export const ResumeRunnerDocument = new TypedDocumentString(`
    mutation ResumeRunner($id: ID!) {
  runner: resumeRunner(id: $id) {
    ...RunnerLine
  }
}
    fragment RunnerLine on Runner {
  id
  name
  state
  paused
}`) as unknown as TypedDocumentString<ResumeRunnerMutation, ResumeRunnerMutationVariables>;
export const DrainRunnerDocument = new TypedDocumentString(`
    mutation DrainRunner($id: ID!) {
  runner: drainRunner(id: $id) {
    ...RunnerLine
  }
}
    fragment RunnerLine on Runner {
  id
  name
  state
  paused
}`) as unknown as TypedDocumentString<DrainRunnerMutation, DrainRunnerMutationVariables>;
export const UndrainRunnerDocument = new TypedDocumentString(`
    mutation UndrainRunner($id: ID!) {
  runner: undrainRunner(id: $id) {
    ...RunnerLine
  }
}
    fragment RunnerLine on Runner {
  id
  name
  state
  paused
}`) as unknown as TypedDocumentString<UndrainRunnerMutation, UndrainRunnerMutationVariables>;
export const RenameRunnerDocument = new TypedDocumentString(`
    mutation RenameRunner($id: ID!, $name: String!) {
  runner: renameRunner(id: $id, name: $name) {
    ...RunnerLine
  }
}
    fragment RunnerLine on Runner {
  id
  name
  state
  paused
}`) as unknown as TypedDocumentString<RenameRunnerMutation, RenameRunnerMutationVariables>;
export const RotateRunnerTokenDocument = new TypedDocumentString(`
    mutation RotateRunnerToken($id: ID!, $overlapSeconds: Int!) {
  rotateRunnerToken(id: $id, overlapSeconds: $overlapSeconds) {
    token
  }
}
    `) as unknown as TypedDocumentString<RotateRunnerTokenMutation, RotateRunnerTokenMutationVariables>;
export const QueueRunDocument = new TypedDocumentString(`
    mutation QueueRun($input: CreateRunInput!) {
  createRun(input: $input) {
    id
    name
    number
    waitsFor
  }
}
    `) as unknown as TypedDocumentString<QueueRunMutation, QueueRunMutationVariables>;
export const ListRunsDocument = new TypedDocumentString(`
    query ListRuns($where: RunWhere, $query: String, $sort: String, $first: Int!, $after: String) {
  runs(where: $where, query: $query, sort: $sort, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...RunLine
      }
    }
  }
}
    fragment RunLine on Run {
  id
  number
  name
  state
  phase
  step
  iterations
  method
  methodLabel
  backbone
  splitLabel
  seed
  tags
  failure
  createdAt
  startedAt
  finishedAt
  dataset {
    name
  }
  runner {
    name
  }
  study {
    id
    name
  }
  best: evaluation(pick: BEST) {
    step
    meanIou
  }
  last: evaluation(pick: NEWEST) {
    step
    meanIou
  }
}`) as unknown as TypedDocumentString<ListRunsQuery, ListRunsQueryVariables>;
export const RunColumnsDocument = new TypedDocumentString(`
    query RunColumns($where: RunWhere, $query: String, $sort: String, $fields: [String!]!, $first: Int!, $after: String) {
  runs(where: $where, query: $query, sort: $sort, first: $first, after: $after) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        values(fields: $fields)
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunColumnsQuery, RunColumnsQueryVariables>;
export const RunGroupsDocument = new TypedDocumentString(`
    query RunGroups($by: [String!]!, $values: [String!]!, $best: BestValue!, $where: RunWhere, $query: String, $sort: String, $first: Int!, $after: String) {
  runGroups(
    by: $by
    values: $values
    best: $best
    where: $where
    query: $query
    sort: $sort
    first: $first
    after: $after
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        key
        count
        states {
          queued
          running
          completed
          failed
          canceled
        }
        values {
          n
          mean
          std
          minimum
          maximum
          diverged
        }
        best {
          id
          number
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RunGroupsQuery, RunGroupsQueryVariables>;
export const FindRunDocument = new TypedDocumentString(`
    query FindRun($id: ID, $number: Int) {
  run(id: $id, number: $number) {
    id
    number
    state
  }
}
    `) as unknown as TypedDocumentString<FindRunQuery, FindRunQueryVariables>;
export const ShowRunDocument = new TypedDocumentString(`
    query ShowRun($id: ID, $number: Int) {
  run(id: $id, number: $number) {
    ...RunLine
    notes
    archivedAt
    parent {
      kind
      number
    }
    children(first: 100) {
      number
    }
    edits(first: 1) {
      at
      account {
        name
      }
    }
    waiting {
      reason {
        code
        message
        parameters
      }
      ahead
      estimate {
        startsAt
      }
      runners {
        runner {
          name
        }
        reason {
          code
          message
          parameters
        }
      }
    }
    pool
    priority
    config
    dataset {
      classes {
        name
      }
    }
    splitHash
    setup {
      engine
      device
      labelledImages
      unlabelledImages
      parameters
      classWeights
      logitOffsets
      secondParameters
    }
    attempts {
      fence
      state
      startedAt
      finishedAt
      message
      runner {
        name
      }
    }
    bestScores: evaluation(pick: BEST) {
      ...Scores
    }
    lastScores: evaluation(pick: NEWEST) {
      ...Scores
    }
    testScores: evaluation(pick: NEWEST, subset: TEST) {
      ...Scores
    }
    alarms {
      step
      overStep
      kind
      network
      classIndex
      message
    }
  }
}
    fragment RunLine on Run {
  id
  number
  name
  state
  phase
  step
  iterations
  method
  methodLabel
  backbone
  splitLabel
  seed
  tags
  failure
  createdAt
  startedAt
  finishedAt
  dataset {
    name
  }
  runner {
    name
  }
  study {
    id
    name
  }
  best: evaluation(pick: BEST) {
    step
    meanIou
  }
  last: evaluation(pick: NEWEST) {
    step
    meanIou
  }
}
fragment Scores on Evaluation {
  step
  subset
  network
  meanIou
  pixelAccuracy
  classIous {
    classIndex
    name
    iou
  }
}`) as unknown as TypedDocumentString<ShowRunQuery, ShowRunQueryVariables>;
export const RunLogDocument = new TypedDocumentString(`
    query RunLog($id: ID!, $last: Int!, $after: ID, $fromStart: Boolean! = false) {
  run(id: $id) {
    state
    log(last: $last, after: $after, fromStart: $fromStart) {
      id
      at
      level
      fence
      message
    }
  }
}
    `) as unknown as TypedDocumentString<RunLogQuery, RunLogQueryVariables>;
export const CancelRunDocument = new TypedDocumentString(`
    mutation CancelRun($id: ID!) {
  cancelRun(id: $id) {
    id
    number
    name
    state
  }
}
    `) as unknown as TypedDocumentString<CancelRunMutation, CancelRunMutationVariables>;
export const RetryRunDocument = new TypedDocumentString(`
    mutation RetryRun($id: ID!, $maxHours: Float) {
  retryRun(id: $id, maxHours: $maxHours) {
    id
    number
    name
    state
    step
  }
}
    `) as unknown as TypedDocumentString<RetryRunMutation, RetryRunMutationVariables>;
export const UpdateRunDocument = new TypedDocumentString(`
    mutation UpdateRun($id: ID!, $input: UpdateRunInput!) {
  updateRun(id: $id, input: $input) {
    id
    number
    name
    state
  }
}
    `) as unknown as TypedDocumentString<UpdateRunMutation, UpdateRunMutationVariables>;
export const DeleteRunDocument = new TypedDocumentString(`
    mutation DeleteRun($id: ID!) {
  deleteRun(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteRunMutation, DeleteRunMutationVariables>;
export const UpdateRunsDocument = new TypedDocumentString(`
    mutation UpdateRuns($query: String!, $dryRun: Boolean!, $expectedCount: Int, $input: UpdateRunInput!) {
  result: updateRuns(
    query: $query
    dryRun: $dryRun
    expectedCount: $expectedCount
    input: $input
  ) {
    ...Changed
  }
}
    fragment Changed on ChangedRuns {
  dryRun
  matched
  changed
  numbers
  refused {
    number
    reason
  }
}`) as unknown as TypedDocumentString<UpdateRunsMutation, UpdateRunsMutationVariables>;
export const CancelRunsDocument = new TypedDocumentString(`
    mutation CancelRuns($query: String!, $dryRun: Boolean!, $expectedCount: Int) {
  result: cancelRuns(
    query: $query
    dryRun: $dryRun
    expectedCount: $expectedCount
  ) {
    ...Changed
  }
}
    fragment Changed on ChangedRuns {
  dryRun
  matched
  changed
  numbers
  refused {
    number
    reason
  }
}`) as unknown as TypedDocumentString<CancelRunsMutation, CancelRunsMutationVariables>;
export const RetryRunsDocument = new TypedDocumentString(`
    mutation RetryRuns($query: String!, $dryRun: Boolean!, $expectedCount: Int, $maxHours: Float) {
  result: retryRuns(
    query: $query
    dryRun: $dryRun
    expectedCount: $expectedCount
    maxHours: $maxHours
  ) {
    ...Changed
  }
}
    fragment Changed on ChangedRuns {
  dryRun
  matched
  changed
  numbers
  refused {
    number
    reason
  }
}`) as unknown as TypedDocumentString<RetryRunsMutation, RetryRunsMutationVariables>;
export const DeleteRunsDocument = new TypedDocumentString(`
    mutation DeleteRuns($query: String!, $dryRun: Boolean!, $expectedCount: Int) {
  result: deleteRuns(
    query: $query
    dryRun: $dryRun
    expectedCount: $expectedCount
  ) {
    ...Changed
  }
}
    fragment Changed on ChangedRuns {
  dryRun
  matched
  changed
  numbers
  refused {
    number
    reason
  }
}`) as unknown as TypedDocumentString<DeleteRunsMutation, DeleteRunsMutationVariables>;
export const SavedFiltersDocument = new TypedDocumentString(`
    query SavedFilters {
  savedFilters {
    id
    name
    query
    columns
    sort
    shared
    owner {
      name
    }
  }
}
    `) as unknown as TypedDocumentString<SavedFiltersQuery, SavedFiltersQueryVariables>;
export const CreateSavedFilterDocument = new TypedDocumentString(`
    mutation CreateSavedFilter($input: CreateSavedFilterInput!) {
  createSavedFilter(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateSavedFilterMutation, CreateSavedFilterMutationVariables>;
export const DeleteSavedFilterDocument = new TypedDocumentString(`
    mutation DeleteSavedFilter($id: ID!) {
  deleteSavedFilter(id: $id)
}
    `) as unknown as TypedDocumentString<DeleteSavedFilterMutation, DeleteSavedFilterMutationVariables>;
export const CreateStudyDocument = new TypedDocumentString(`
    mutation CreateStudy($input: CreateStudyInput!) {
  createStudy(input: $input) {
    id
  }
}
    `) as unknown as TypedDocumentString<CreateStudyMutation, CreateStudyMutationVariables>;
export const PlanStudyDocument = new TypedDocumentString(`
    query PlanStudy($input: CreateStudyInput!) {
  planStudy(input: $input) {
    runs
    names
    waiting {
      runs
      reason {
        message
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PlanStudyQuery, PlanStudyQueryVariables>;
export const StudiesDocument = new TypedDocumentString(`
    query Studies($after: String) {
  studies(first: 100, after: $after) {
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        id
        name
        runCounts {
          queued
          running
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StudiesQuery, StudiesQueryVariables>;
export const StudyProgressDocument = new TypedDocumentString(`
    query StudyProgress($studyId: ID!) {
  study(id: $studyId) {
    runs(first: 100, sort: "number") {
      edges {
        node {
          id
          name
          state
          step
          iterations
          failure
          evaluation(pick: NEWEST) {
            step
            meanIou
          }
          series {
            name
            lastValue
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StudyProgressQuery, StudyProgressQueryVariables>;
export const StudyTableDocument = new TypedDocumentString(`
    query StudyTable($studyId: ID!) {
  study(id: $studyId) {
    table {
      ...TableFields
    }
  }
}
    fragment TableFields on StudyTable {
  subset
  classes {
    name
  }
  rareClasses {
    name
  }
  rows {
    methodLabel
    splitLabel
    splitHash
    n
    runs {
      number
      alarms(kind: DATA) {
        message
      }
    }
    meanIou {
      mean
      std
    }
    rareMeanIou {
      mean
      std
    }
    pixelAccuracy {
      mean
      std
    }
    frequencyWeightedIou {
      mean
      std
    }
    classIous {
      mean
      std
    }
  }
}`) as unknown as TypedDocumentString<StudyTableQuery, StudyTableQueryVariables>;
export const StudyConfigsDocument = new TypedDocumentString(`
    query StudyConfigs($studyId: ID!) {
  study(id: $studyId) {
    runs(first: 100) {
      edges {
        node {
          config
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StudyConfigsQuery, StudyConfigsQueryVariables>;
export const StudyReportDocument = new TypedDocumentString(`
    query StudyReport($studyId: ID!, $subset: Subset!) {
  study(id: $studyId) {
    name
    description
    runs(first: 100, sort: "number") {
      edges {
        node {
          number
          name
          state
          seed
          config
          startedAt
          finishedAt
          setup {
            engine
            device
            labelledImages
            unlabelledImages
            parameters
            secondParameters
          }
          branch1: evaluation(subset: $subset, network: BRANCH1) {
            step
            meanIou
          }
          branch2: evaluation(subset: $subset, network: BRANCH2) {
            meanIou
          }
          ensemble: evaluation(subset: $subset, network: ENSEMBLE) {
            meanIou
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<StudyReportQuery, StudyReportQueryVariables>;
export const StudyPivotDocument = new TypedDocumentString(`
    query StudyPivot($studyId: ID!, $rows: [String!]!, $columns: [String!]!, $value: String!, $beside: [String!]!, $baseline: ID, $published: PublishedResults, $format: PivotFormat!, $details: [PivotDetail!]!, $digits: Int!) {
  study(id: $studyId) {
    pivot(
      rows: $rows
      columns: $columns
      value: $value
      baseline: $baseline
      published: $published
    ) {
      render(format: $format, details: $details, digits: $digits, beside: $beside)
    }
  }
}
    `) as unknown as TypedDocumentString<StudyPivotQuery, StudyPivotQueryVariables>;
export const StudyDesignDocument = new TypedDocumentString(`
    query StudyDesign($studyId: ID!) {
  study(id: $studyId) {
    matrix
    baseline {
      id
    }
  }
}
    `) as unknown as TypedDocumentString<StudyDesignQuery, StudyDesignQueryVariables>;
export const WatchRunDocument = new TypedDocumentString(`
    subscription WatchRun($runId: ID!) {
  runChanged(runId: $runId) {
    id
    number
    name
    state
    phase
    step
    iterations
    failure
    startedAt
    metrics(maxPoints: 80) {
      name
      steps
      values
    }
    best: evaluation(pick: BEST) {
      step
      meanIou
    }
    last: evaluation(pick: NEWEST) {
      step
      meanIou
    }
    activeAlarms {
      id
      step
      kind
      network
      message
    }
  }
}
    `) as unknown as TypedDocumentString<WatchRunSubscription, WatchRunSubscriptionVariables>;