/** What is known about a class of a run. Shares are in [0, 1]; null where nothing is known. */
export interface ClassEvidence {
  name: string;
  /** Of the split's labelled images: pixels of the class, their share of all labelled pixels, and images that hold it. */
  labelledPixels: number | null;
  labelledShare: number | null;
  labelledImages: number | null;
  /** Of the labelled training crops, the share that held it. */
  cropShare: number | null;
  /** In the newest evaluation. */
  iou: number | null;
  precision: number | null;
  recall: number | null;
  /** Pixels of the class in that evaluation, and pixels predicted as it. */
  truePixels: number;
  predictedPixels: number;
  /** The mean probability given to the class on pixels of it. */
  confidence: number | null;
  /** The classes that its pixels are taken for instead, most first, as shares of its pixels. */
  takenFor: readonly { name: string; share: number }[];
  /** Its share of the newest pseudo-labels, and of the labelled pixels in the crops so far. */
  pseudoShare: number | null;
  cropPixelShare: number | null;
  /** The first evaluation in which any pixel was predicted as it. */
  firstPredicted: number | null;
  /** The step of the evaluation from which on no pixel was predicted as it any more; null if it is predicted, or never was. */
  lost: number | null;
}

/** What is known about a run. */
export interface RunEvidence {
  /** Step of the newest evaluation. */
  step: number;
  iterations: number;
  /** Number of the split's labelled images; null if nothing is known about their labels. */
  labelledImages: number | null;
  /** The share of the iterations over which the weight of the unsupervised loss rises; null for a method without one. */
  rampUp: number | null;
  /** The confidence below which the method leaves pseudo-labels out; null if it uses all. */
  confidence: number | null;
  /** By index. */
  classes: readonly ClassEvidence[];
}
