import { scoresOf, sumsOf } from '../confusion.js';

/** A net number of pixels that are predicted differently. */
export interface Move {
  /** Index of the other class. */
  other: number;
  /** Negative if there are fewer of them than before. */
  pixels: number;
  /** Of the pixels of their true class. */
  share: number;
}

export interface Change {
  classIndex: number;
  before: number | null;
  after: number | null;
  /** Null if either of the two is. */
  change: number | null;
  missed: number;
  invented: number;
  movedTo: Move[];
  movedFrom: Move[];
}

/** Whether two confusion matrices have equally many pixels of each class in the truth. */
export function sameTruth(before: readonly number[], after: readonly number[], classes: number): boolean {
  const [one, other] = [sumsOf(before, classes).truth, sumsOf(after, classes).truth];
  return one.every((pixels, index) => pixels === other[index]);
}

/**
 * What changes for each class from one confusion matrix to another of the same truth, most IoU lost first. With n_ij for the pixels of
 * class i that are predicted as class j (Long et al., "Fully convolutional networks for semantic segmentation", 2015, section 5) and
 * d_ij = n_ij(after) - n_ij(before), d_ij pixels of class i moved to class j: as the truth is the same, each row of d adds up to 0, so
 * what class i lost on the diagonal, -d_ii, is what moved to all other classes. Together with the pixels wrongly gained, Σ_j d_ji, this is all
 * that changes the IoU, n_ii / (Σ_j n_ij + Σ_j n_ji - n_ii). A matrix does not identify pixels: these are net numbers.
 */
export function classChanges(before: readonly number[], after: readonly number[], classes: number): Change[] {
  const [iousBefore, iousAfter] = [scoresOf(before, classes).classIous, scoresOf(after, classes).classIous];
  const { truth } = sumsOf(before, classes);
  const others = (index: number) =>
    Array.from({ length: classes }, (_, other) => other).filter((each) => each !== index);
  const moves = (index: number, cellOf: (other: number) => [row: number, column: number]): Move[] =>
    others(index)
      .map((other) => {
        const [row, column] = cellOf(other);
        const pixels = after[row * classes + column]! - before[row * classes + column]!;
        return { other, pixels, share: pixels / truth[row]! };
      })
      .filter(({ pixels }) => pixels !== 0)
      .sort((a, b) => Math.abs(b.pixels) - Math.abs(a.pixels));
  const total = (all: readonly Move[]) => all.reduce((sum, { pixels }) => sum + pixels, 0);
  return truth
    .map((_, classIndex): Change => {
      const [from, to] = [iousBefore[classIndex]!, iousAfter[classIndex]!];
      const movedTo = moves(classIndex, (other) => [classIndex, other]);
      const movedFrom = moves(classIndex, (other) => [other, classIndex]);
      const change = from === null || to === null ? null : to - from;
      const [missed, invented] = [total(movedTo), total(movedFrom)];
      return { classIndex, before: from, after: to, change, missed, invented, movedTo, movedFrom };
    })
    .sort((a, b) => (a.change ?? Number.POSITIVE_INFINITY) - (b.change ?? Number.POSITIVE_INFINITY) || 0);
}
