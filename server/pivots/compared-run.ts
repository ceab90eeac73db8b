import type { RunConfig } from '../../schema/run-config.js';
import type { RunState } from '../runs/run.entity.js';

/** The configuration of runs that differ only in their seed. */
export interface Settings {
  /** Completed with the defaults of settings that are newer than it. */
  config: Omit<RunConfig, 'seed'>;
  /** The settings that can affect the outcome, by path, as JSON. */
  flat: ReadonlyMap<string, string>;
}

/** A run of a table. */
export interface ComparedRun {
  id: string;
  studyId: string | null;
  number: number;
  state: RunState;
  seed: number;
  datasetId: string;
  splitHash: string | null;
  /** Identifies the labelled images: the hash of their list or, until a runner has set up the run, the split's configuration. */
  split: string;
  /** Null until a runner has set up the run. */
  labelledImages: number | null;
  engine: string | null;
  /** Versions and commits of Crosscheck that its attempts ran, as far as they are known. */
  code: readonly string[];
  settings: Settings;
  /** The values of the fields that the database reads, in their order. */
  found: readonly unknown[];
  /** Null if it has none; NaN if it is not finite. */
  value: number | null;
  /** How many images the evaluation covers behind the value; infinity for all of them. For study tables, how many pixels. */
  images: number;
}
