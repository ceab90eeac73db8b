import type { Mistake } from '../../schema/problems/problem.js';
import { readSparseCounts, type SparseCounts } from '../../schema/sparse-counts.js';
import { inputMistake } from '../graphql/reasons/problems.js';
import { type Scores, scoresOfSums } from './confusion.js';
import type { ConfusionCell } from './images.types.js';

/** The confusion matrices of the images of an evaluation. */
export class ImageCounts {
  private readonly counts: SparseCounts;

  /** @throws Error if the bytes are not those of this many images and classes (schema/sparse-counts.ts) */
  constructor(
    readonly ids: readonly string[],
    bytes: Uint8Array,
    private readonly classes: number,
  ) {
    this.counts = readSparseCounts(bytes, ids.length, classes);
  }

  /** The cells of an image that are not 0, by true class, then by predicted class. */
  cells(image: number): ConfusionCell[] {
    const cells: ConfusionCell[] = [];
    this.each(image, (truth, prediction, pixels) => cells.push({ truth, prediction, pixels }));
    return cells;
  }

  /** The scores of an image, defined as those of an evaluation. */
  scores(image: number): Scores {
    const { truth, predicted, right } = this.sums(image);
    return scoresOfSums(truth, predicted, right);
  }

  /** The pixels of each class in the truth, in the prediction, and in both. */
  sums(image: number): Record<'truth' | 'predicted' | 'right', number[]> {
    const zeros = () => new Array<number>(this.classes).fill(0);
    const [truth, predicted, right] = [zeros(), zeros(), zeros()];
    this.each(image, (row, column, pixels) => {
      truth[row]! += pixels;
      predicted[column]! += pixels;
      if (row === column) right[row] = pixels;
    });
    return { truth, predicted, right };
  }

  /** What is wrong if the images do not add up to the confusion matrix; null if they do. */
  differenceTo(confusion: readonly number[]): Mistake | null {
    const sums = new Float64Array(this.classes ** 2);
    const { cells, pixels } = this.counts;
    for (let i = 0; i < cells.length; i++) sums[cells[i]!]! += pixels[i]!;
    const wrong = confusion.findIndex((counted, cell) => counted !== sums[cell]);
    if (wrong < 0) return null;
    const [truth, prediction] = [Math.floor(wrong / this.classes), wrong % this.classes];
    const params = { pixels: sums[wrong]!, truth: truth!, prediction: prediction!, index: wrong };
    return inputMistake('IMAGES_DIFFER', { ...params, counted: confusion[wrong]! });
  }

  private each(image: number, visit: (truth: number, prediction: number, pixels: number) => void): void {
    const { starts, cells, pixels } = this.counts;
    for (let i = starts[image]!; i < starts[image + 1]!; i++) {
      const cell = cells[i]!;
      visit(Math.floor(cell / this.classes), cell % this.classes, pixels[i]!);
    }
  }
}
