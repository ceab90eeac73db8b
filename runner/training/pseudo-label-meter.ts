import { z } from 'zod';
import type { StepBatches } from '../data/dataset.js';
import { IGNORE_LABEL } from '../data/images/ignore-label.js';
import type { Network, PseudoLabelRecord } from '../tracking/tracker.js';
import type { StepResult } from './branches/branches.js';

const NETWORKS: readonly Network[] = ['BRANCH1', 'BRANCH2'];

const counts = z.array(z.int().min(0));

/** Plain numbers, so that a checkpoint carries them exactly. */
export const pseudoLabelState = z.strictObject({
  /** Pixels of each class in the labelled batches that were looked at since the run began. */
  labelled: counts,
  /** Of each network, branch 1 first, since the last record. */
  networks: z.array(z.strictObject({ pseudo: counts, undecided: z.int().min(0), confusion: counts })),
});

export type PseudoLabelState = z.output<typeof pseudoLabelState>;

/**
 * Counts what pseudo-labels the networks make of the unlabelled images, beside the labels of the labelled ones. It may look
 * at the hidden labels of the unlabelled images, which no method does.
 */
export class PseudoLabelMeter {
  private readonly state: PseudoLabelState;

  constructor(
    private readonly classes: number,
    state?: PseudoLabelState,
  ) {
    this.state = state ?? { labelled: zeros(classes), networks: [] };
  }

  /** Adds a step; one without pseudo-labels adds nothing. */
  add({ labelled, unlabelled }: StepBatches, result: StepResult): void {
    if (!unlabelled || !result.some(({ pseudoLabels }) => pseudoLabels)) return;
    const labels = histogram(labelled.labels);
    for (let label = 0; label < this.classes; label++) this.state.labelled[label]! += labels[label]!;
    for (const [index, { pseudoLabels }] of result.entries()) {
      if (pseudoLabels) this.count(index, unlabelled.labels, pseudoLabels);
    }
  }

  /** A record of each network that made pseudo-labels since the last time, and a fresh start for their counts. */
  drain(step: number): PseudoLabelRecord[] {
    const records = this.state.networks.map(({ pseudo, undecided, confusion }, index) => ({
      step,
      network: NETWORKS[index]!,
      labelledPixels: [...this.state.labelled],
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
 * How often each byte occurs; of two arrays, each pair of bytes at the same place: histogram[(first << 8) | second]. It is
 * as plain as it can be, because a step has millions of pixels.
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
