import { Alarm } from '../alarms/alarm.entity.js';
import { Attempt } from '../attempts/attempt.entity.js';
import { Token } from '../auth/token.entity.js';
import { Blob, BlobChunk } from '../blobs/blob.entity.js';
import { Checkpoint } from '../checkpoints/checkpoint.entity.js';
import { Dataset, RunnerDataset } from '../datasets/dataset.entity.js';
import { ClassIouRow, Evaluation } from '../evaluations/evaluation.entity.js';
import { LogLine } from '../logs/log-line.entity.js';
import { PointRow, SeriesRow } from '../metrics/series.entity.js';
import { PseudoLabelsRow } from '../pseudo-labels/pseudo-labels.entity.js';
import { Runner } from '../runners/runner.entity.js';
import { Run } from '../runs/run.entity.js';
import { SampleImage, SampleRow } from '../samples/sample.entity.js';
import { Study } from '../studies/study.entity.js';

/** Every table that a class describes. */
export const entities = [
  Study,
  Run,
  Runner,
  Attempt,
  Token,
  Dataset,
  RunnerDataset,
  SeriesRow,
  PointRow,
  Evaluation,
  ClassIouRow,
  PseudoLabelsRow,
  Alarm,
  Blob,
  BlobChunk,
  SampleImage,
  SampleRow,
  LogLine,
  Checkpoint,
];
