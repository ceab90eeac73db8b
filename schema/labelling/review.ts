/**
 * What a run's networks make of an image without a label. Arrays are indexed by class, in pixels. A network's probabilities are
 * those of the ensemble: the mean of both networks, or those of the only one.
 */
export interface ImageReview {
  imageId: string;
  /** In pixels. */
  width: number;
  height: number;
  /** The share of pixels that the two networks predict differently, in [0, 1]; null for a single network. */
  disagreement: number | null;
  /** The mean entropy of a pixel, as a share of the largest possible, in [0, 1]. */
  entropy: number;
  /** The mean of the largest probability of a pixel, in [0, 1]. */
  confidence: number;
  /** Pixels for which the class is the most probable one. */
  predicted: readonly number[];
  /** The sum of the class's probabilities. */
  expected: readonly number[];
  /** The sum of the class's probabilities, each times the entropy of its pixel. */
  uncertain: readonly number[];
  /** Of the pixels that the networks predict differently, half of those of which one predicts the class; 0 for a single network. */
  disputed: readonly number[];
  /** The perceptual hash of the picture, 16 hex digits. Similar pictures differ in few of its 64 bits. */
  hash: string;
}

/** Connected pixels with the same label, for all of which another class is more probable. Right and bottom are exclusive. */
export interface LabelDoubt {
  /** Their label. */
  classIndex: number;
  /** The class that is the most probable one of most of them. */
  takenFor: number;
  pixels: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** The mean probability of their label. */
  labelProbability: number;
  /** The mean probability of the most probable class. */
  otherProbability: number;
}
