/** Decides which pixels count from their labels and confidences. Both lists have a value for each pixel. */
export interface PixelRule {
  /** The only state, which a resumed run restores. */
  readonly state: Float32Array;
  /** Takes the predictions of a step into account. Pixels with the label 255 are left out. */
  observe(labels: Float32Array, confidences: Float32Array): void;
  counts(label: number, confidence: number): boolean;
}
