import { describe, expect, it } from 'vitest';
import type { Batch, StepBatches } from '../data/dataset.js';
import type { LossValues } from './branches/branches.js';
import { PseudoLabelMeter } from './pseudo-label-meter.js';

function batch(...labels: number[]): Batch {
  return {
    count: 1,
    height: 1,
    width: labels.length,
    channels: 3,
    images: new Float32Array(3),
    labels: Uint8Array.from(labels),
    strong: [],
  };
}

function batches(labelled: number[], unlabelled: number[] | null): StepBatches {
  return { labelled: batch(...labelled), unlabelled: unlabelled && batch(...unlabelled), unlabelledMix: null };
}

function step(...pseudoLabels: number[][]): LossValues[] {
  const losses = { total: 1, parts: { supervised: 1 }, shares: {} };
  return pseudoLabels.map((labels) => ({ ...losses, pseudoLabels: Uint8Array.from(labels) }));
}

describe('the pseudo-label meter', () => {
  it('counts labels, pseudo-labels, pixels without one, and pseudo-labels by known truth', () => {
    const meter = new PseudoLabelMeter(3);
    // Truth 0, 1, 2 and unknown. A pixel without a pseudo-label is not in the confusion.
    meter.add(batches([0, 0, 1, 255], [0, 1, 2, 255]), step([0, 2, 255, 1], [0, 1, 2, 0]));
    expect(meter.drain(7)).toEqual([
      {
        step: 7,
        network: 'BRANCH1',
        labelledPixels: [2, 1, 0],
        pseudoPixels: [1, 1, 1],
        undecidedPixels: 1,
        confusion: [1, 0, 0, 0, 0, 1, 0, 0, 0],
      },
      {
        step: 7,
        network: 'BRANCH2',
        labelledPixels: [2, 1, 0],
        pseudoPixels: [2, 1, 1],
        undecidedPixels: 0,
        confusion: [1, 0, 0, 0, 1, 0, 0, 0, 1],
      },
    ]);
  });

  it('resets its counts with each record, except those of the labelled images', () => {
    const meter = new PseudoLabelMeter(2);
    meter.add(batches([0, 1], [0, 0]), step([0, 1]));
    meter.drain(1);
    expect(meter.drain(2)).toEqual([]);
    meter.add(batches([1, 1], [1, 1]), step([1, 1]));
    expect(meter.drain(3)).toMatchObject([
      { labelledPixels: [1, 3], pseudoPixels: [0, 2], confusion: [0, 0, 0, 2], undecidedPixels: 0 },
    ]);
  });

  it('has no confusion if the truth is not known for any pixel', () => {
    const meter = new PseudoLabelMeter(2);
    meter.add(batches([0, 1], [255, 255]), step([0, 1]));
    expect(meter.drain(1)).toMatchObject([{ pseudoPixels: [1, 1], confusion: null }]);
  });

  it('ignores steps without pseudo-labels', () => {
    const meter = new PseudoLabelMeter(2);
    const losses = { total: 1, parts: { supervised: 1 }, shares: {} };
    meter.add(batches([0, 1], [0, 0]), [losses]);
    meter.add(batches([0, 1], null), [losses]);
    expect(meter.drain(1)).toEqual([]);
  });

  it('continues from its saved state', () => {
    const meter = new PseudoLabelMeter(2);
    meter.add(batches([0, 1], [0, 1]), step([0, 255]));
    const resumed = new PseudoLabelMeter(2, JSON.parse(JSON.stringify(meter.save())));
    for (const each of [meter, resumed]) each.add(batches([0, 0], [1, 1]), step([0, 1]));
    expect(resumed.drain(2)).toEqual(meter.drain(2));
  });
});
