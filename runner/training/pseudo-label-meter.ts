import { z } from 'zod';
import type { StepBatches } from '../data/dataset.js';
import { IGNORE_LABEL } from '../data/images/ignore-label.js';
import type { Network, PseudoLabelRecord } from '../tracking/tracker.js';
import type { StepResult } from './branches/branches.js';

const NETWORKS: readonly Network[] = ['BRANCH1', 'BRANCH2'];

const counts = z.array(z.int().min(0));

/** Plain numbers, so that a checkpoint stores them exactly. */
export const pseudoLabelState = z.strictObject({
  /** Pixels of each class in the labelled batches that were counted since the run began. */
  labelled: counts,
  /** The counts of each network since the last record, branch 1 first. */
  networks: z.array(z.strictObject({ pseudo: counts, undecided: z.int().min(0), confusion: counts })),
});

export type PseudoLabelState = z.output<typeof pseudoLabelState>;

/**
 * Counts the pseudo-labels that the networks assign to the unlabelled images, and the labels of the labelled ones. Unlike the
 * methods, it may look at the hidden labels of the unlabelled images.
 */
export class PseudoLabelMeter {
  private readonly state: PseudoLabelState;

  constructor(
    private readonly classes: number,
    state?: PseudoLabelState,
    /** What records give as the labelled pixels, if the batches show some classes more often than the labels do. */
    private readonly labelledPixels?: readonly number[],
  ) {
    this.state = state ?? { labelled: zeros(classes), networks: [] };
  }

  /** Adds a step. A step without pseudo-labels adds nothing. */
  add({ labelled, unlabelled }: StepBatches, result: StepResult): void {
    if (!unlabelled || !result.some(({ pseudoLabels }) => pseudoLabels)) return;
    const labels = histogram(labelled.labels);
    for (let label = 0; label < this.classes; label++) this.state.labelled[label]! += labels[label]!;
    for (const [index, { pseudoLabels }] of result.entries()) {
      if (pseudoLabels) this.count(index, unlabelled.labels, pseudoLabels);
    }
  }

  /** Returns a record for each network that has assigned pseudo-labels since the last call, and resets their counts. */
  drain(step: number): PseudoLabelRecord[] {
    const records = this.state.networks.map(({ pseudo, undecided, confusion }, index) => ({
      step,
      network: NETWORKS[index]!,
      labelledPixels: [...(this.labelledPixels ?? this.state.labelled)],
      pseudoPixels: pseudo,
      undecidedPixels: undecided,
      confusion: confusion.some((pixels) => pixels > 0) ? confusion : null,
    }));
    this.state.networks = [];
    return records;
  }

  save(): PseudoLabelState {
    return structuredClone(this.state);
  }

  private count(index: number, truth: Uint8Array, labels: Uint8Array): void {
    const { classes } = this;
    this.state.networks[index] ??= { pseudo: zeros(classes), undecided: 0, confusion: zeros(classes * classes) };
    const of = this.state.networks[index];
    const pairs = histogram(truth, labels);
    for (let known = 0; known < 256; known++) {
      for (let label = 0; label < 256; label++) {
        const pixels = pairs[(known << 8) | label]!;
        if (pixels === 0) continue;
        if (label === IGNORE_LABEL) of.undecided += pixels;
        else of.pseudo[label]! += pixels;
        if (label !== IGNORE_LABEL && known !== IGNORE_LABEL) of.confusion[known * classes + label]! += pixels;
      }
    }
  }
}

/**
 * How often each byte occurs or, for two arrays, each pair of bytes at the same index: histogram[(first << 8) | second]. The
 * loops are kept simple, because a step has millions of pixels.
 */
function histogram(first: Uint8Array, second?: Uint8Array): Uint32Array {
  if (!second) {
    const counts = new Uint32Array(256);
    for (let i = 0; i < first.length; i++) counts[first[i]!]! += 1;
    return counts;
  }
  const pairs = new Uint32Array(256 * 256);
  for (let i = 0; i < first.length; i++) pairs[(first[i]! << 8) | second[i]!]! += 1;
  return pairs;
}

function zeros(length: number): number[] {
  return new Array<number>(length).fill(0);
}
