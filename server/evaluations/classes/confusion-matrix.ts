import { share, sumsOf } from '../confusion.js';

/** A cell off the diagonal: pixels of one class that were predicted as another. */
export interface Confusion {
  /** Index of the true class. */
  truth: number;
  /** Index of the predicted class. */
  prediction: number;
  pixels: number;
  /** Of the pixels of the true class, in (0, 1]. */
  share: number;
}

/**
 * Each cell's share of its row, n_ij / Σ_k n_ik in the notation of Long et al., "Fully convolutional networks for semantic
 * segmentation" (2015, section 5): of the pixels of the true class, those predicted as each class. Recall is on the diagonal.
 * @param confusion pixel counts, row by row: confusion[truth * classes + prediction]
 * @returns shares in [0, 1]; null in the row of a class that does not occur, where numpy would divide 0 by 0 and give NaN
 */
export function truthShares(confusion: readonly number[], classes: number): (number | null)[] {
  const { truth } = sumsOf(confusion, classes);
  return confusion.map((pixels, cell) => share(pixels, truth[Math.floor(cell / classes)]!));
}

/**
 * Each cell's share of its column, n_ij / Σ_k n_kj: of the pixels predicted as a class, those that are of each class. Precision is on
 * the diagonal. Null in the column of a class that is never predicted.
 */
export function predictionShares(confusion: readonly number[], classes: number): (number | null)[] {
  const { predicted } = sumsOf(confusion, classes);
  return confusion.map((pixels, cell) => share(pixels, predicted[cell % classes]!));
}

/** The cells of some rows and columns of a matrix, in the given order of classes. */
export function submatrix<T>(cells: readonly T[], classes: number, chosen: readonly number[]): T[] {
  return chosen.flatMap((row) => chosen.map((column) => cells[row * classes + column]!));
}

/** The cells off the diagonal that are not 0, by true class, then by predicted class. */
export function confusions(confusion: readonly number[], classes: number): Confusion[] {
  const { truth } = sumsOf(confusion, classes);
  return confusion.flatMap((pixels, cell) => {
    const [row, column] = [Math.floor(cell / classes), cell % classes];
    if (pixels === 0 || row === column) return [];
    return [{ truth: row, prediction: column, pixels, share: pixels / truth[row]! }];
  });
}
