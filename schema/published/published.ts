import type { MethodName, RunConfig } from '../run-config.js';

/** A result that a paper reports. */
export interface PublishedNumber {
  method: MethodName;
  /** Which images the cross loss of CPS used; for other methods, null. */
  on: 'labelled' | 'unlabelled' | 'both' | null;
  backbone: 'resnet50' | 'resnet101';
  labelledRatio: number;
  labelledImages: number;
  /** In [0, 1], on the validation images. */
  meanIou: number;
}

/** Results of one paper on one dataset. */
export interface PublishedTable {
  title: string;
  source: string;
  numbers: readonly PublishedNumber[];
}

/** What a run must have in common with a published result to be compared with it. */
export interface PublishedTwin {
  config: Pick<RunConfig, 'method' | 'network' | 'split'>;
  /** Null until a runner has set up the run. */
  labelledImages: number | null;
}

/** The published result of the same method, backbone and number of labels; null if there is none. */
export function publishedFor(table: PublishedTable, { config, labelledImages }: PublishedTwin): PublishedNumber | null {
  const { method, network, split } = config;
  const on = 'on' in method ? method.on : null;
  const found = table.numbers.find(
    (each) =>
      each.method === method.name &&
      each.on === on &&
      each.backbone === network.backbone &&
      !network.second &&
      hasSplit(each, split, labelledImages),
  );
  return found ?? null;
}

/** Whether a split has the published share or number of labelled images. */
export function hasSplit(
  published: PublishedNumber,
  split: RunConfig['split'],
  labelledImages: number | null = null,
): boolean {
  if ('labelledRatio' in split) return Math.abs(split.labelledRatio - published.labelledRatio) < 1e-9;
  const images = 'labelledImages' in split ? split.labelledImages : labelledImages;
  return images === published.labelledImages;
}
