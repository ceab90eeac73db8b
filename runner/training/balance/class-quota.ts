import { IGNORE_LABEL } from '../../data/images/ignore-label.js';
import type { PixelRule } from './pixel-rule.js';

/**
 * Confidences are counted in bins: 16 for each halving of 1 - confidence, because a network's confidences crowd below 1. The
 * number of a bin is read off the bits of the float32 number 1 - confidence: its exponent and the first four bits after it.
 */
const BITS_BELOW_BIN = 19;
/** The bits of 1, shifted: those of the smallest confidence, 0. */
const BIN_OF_ONE = 0x3f800000 >>> BITS_BELOW_BIN;
/** 1 - confidence is at least 2^-24 unless it is 0: 24 halvings, the bin of 1, and one for 0. */
const BINS = 24 * 16 + 2;

/** How much of the counts a step keeps: those of the last hundred steps count, so that a class may be rare in a batch. */
const KEPT = 0.99;

const difference = new Float32Array(1);
const bits = new Int32Array(difference.buffer);

function binOf(confidence: number): number {
  // A GPU's division may round a probability to slightly above 1.
  difference[0] = Math.max(0, 1 - confidence);
  return Math.min(BIN_OF_ONE - (bits[0]! >>> BITS_BELOW_BIN), BINS - 1);
}

/**
 * A confidence for each class, so that the classes' shares of the pseudo-labels are at most those of the labels (distribution
 * alignment in DARS, He et al., ICCV 2021): of all pixels that the network labels, class c keeps `share` times its share of the
 * labels, and of them the most confident ones. A class that is predicted less often keeps all. DARS sorts the confidences of all
 * unlabelled images between two rounds of training; here, they are those of the last steps, weighted by a moving average. The
 * limit is the lower end of a bin, so a class may keep more than its quota by what this bin holds.
 */
export class ClassQuota implements PixelRule {
  /** For each class, the share of pixels in each bin, each bin's pixels being less confident than the next one's. */
  readonly state: Float32Array;
  /** The first bin of each class that counts. It follows from the state. */
  private first: Int32Array;

  /**
   * @param classPixels the labelled pixels of each class
   * @param share of the pixels that may count if each class has its quota, in (0, 1]
   */
  constructor(
    private readonly classPixels: readonly number[],
    private readonly share: number,
  ) {
    this.state = new Float32Array(classPixels.length * BINS);
    this.first = new Int32Array(classPixels.length);
  }

  observe(labels: Float32Array, confidences: Float32Array): void {
    const counts = new Uint32Array(this.state.length);
    let pixels = 0;
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      if (label === IGNORE_LABEL) continue;
      counts[label * BINS + binOf(confidences[i]!)]! += 1;
      pixels += 1;
    }
    if (pixels > 0) {
      for (let i = 0; i < counts.length; i++) {
        this.state[i] = KEPT * this.state[i]! + ((1 - KEPT) * counts[i]!) / pixels;
      }
    }
    this.first = this.firstBins();
  }

  counts(label: number, confidence: number): boolean {
    return binOf(confidence) >= this.first[label]!;
  }

  private firstBins(): Int32Array {
    const all = this.state.reduce((sum, part) => sum + part, 0);
    const labelled = this.classPixels.reduce((sum, pixels) => sum + pixels, 0);
    return Int32Array.from(this.classPixels, (pixels, label) => {
      // A class without labels has no right pseudo-label.
      if (pixels === 0) return BINS;
      const quota = this.share * (pixels / labelled) * all;
      let kept = 0;
      for (let bin = BINS - 1; bin > 0; bin--) {
        kept += this.state[label * BINS + bin]!;
        if (kept >= quota) return bin;
      }
      return 0;
    });
  }
}
